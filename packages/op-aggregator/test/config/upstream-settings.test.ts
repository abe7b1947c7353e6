import { expect, it } from "vitest";
import { UpstreamsConfig } from "../../src/config/index.ts";

it("takes what other clients write, and knows no key that means nothing", () => {
  const servers = {
    files: { command: "npx", args: ["server"], env: {} },
    far: { url: "https://a" },
  };
  expect(UpstreamsConfig.parse({ servers })).toMatchObject({ servers });
  expect(UpstreamsConfig.parse({})).toEqual({ servers: {}, tokenKey: "", oldTokenKeys: [] });
  expect(UpstreamsConfig.safeParse({ servers: { files: { comand: "npx" } } }).success).toBe(false);
});
