import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseTimeSpan } from "../../src/cli/keys/time-span.ts";
import { plain, Terminal } from "./terminal.ts";

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});
afterEach(() => terminal[Symbol.dispose]());

describe("serve", () => {
  it("listens where it is told, in place of what is configured", async () => {
    await terminal.run("serve");
    await terminal.run("serve", "--listen", "http://127.0.0.1:1", "--listen", "unix:/s");
    expect(terminal.listened).toEqual([
      ["http://127.0.0.1:7411"],
      ["http://127.0.0.1:1", "unix:/s"],
    ]);
  });

  it("tells a person how to connect, and a log file nothing", async () => {
    expect((await terminal.run("serve")).stdout).toBe("");
    terminal.isTTY = true;
    const said = plain((await terminal.run("serve")).stdout);
    expect(said).toMatch(/^ +URL +http:\/\/127\.0\.0\.1:7411\/mcp$/m);
    expect(said).toContain(`in ${terminal.servedAt.localToken?.path}`);
    expect(said).toContain('"Authorization": "Bearer opmcp_local_TOKEN"');
    expect(said).toContain("Ctrl-C");
  });

  it("tells programs where it serves, without the token", async () => {
    const { stdout } = await terminal.run("serve", "--json");
    expect(JSON.parse(stdout)).toEqual({
      urls: ["http://127.0.0.1:7411"],
      endpoint: "http://127.0.0.1:7411/mcp",
      tokenFile: terminal.servedAt.localToken?.path,
    });
  });
});

describe("a time", () => {
  it.each([
    ["0", 0],
    ["45s", 45_000],
    ["30m", 1_800_000],
    ["12h", 43_200_000],
    ["90d", 7_776_000_000],
  ])("may be %s", (text, ms) => {
    expect(parseTimeSpan("expires", text)).toBe(ms);
  });

  it.each(["", "90", "d", "-1d", "1.5h", "1w", "9999999d"])("is not %j", (text) => {
    expect(() => parseTimeSpan("expires", text)).toThrow("--expires");
  });
});
