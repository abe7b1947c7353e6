import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { requirements } from "./requirements.ts";

const folder = new URL(".", import.meta.url);

it("every requirement is cited by a test", () => {
  const text = readdirSync(folder)
    .filter((name) => name.endsWith(".e2e.test.ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const uncited = Object.keys(requirements).filter((id) => !text.includes(`"${id}"`));
  expect(uncited, "write a test for each, or drop the promise").toEqual([]);
});
