import { describe, expect, test } from "vitest";
import { checkSelf } from "../../src/cli/doctor/local-checks.ts";
import { runSelfCheck, type SelfCheck } from "../../src/cli/doctor/stdio-self-check.ts";

const answer = `
const answers = { initialize: { serverInfo: { name: "op-mcp", version: "1.2.3" } }, "tools/list": { tools: [{}, {}] } };
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { id, method } = JSON.parse(line);
  if (answers[method]) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] }));
});
`;

function check(program: string, stepMs = 5000): Promise<SelfCheck> {
  return runSelfCheck({
    command: process.execPath,
    args: ["-e", program],
    env: process.env,
    cwd: "/",
    signal: new AbortController().signal,
    stepMs,
  });
}

describe("runSelfCheck", () => {
  test("says what a client would see", async () => {
    const found = await check(answer);
    expect(found).toMatchObject({ problems: [], server: "op-mcp 1.2.3", listedTools: 2 });
    expect(checkSelf(found)).toMatchObject({
      status: "ok",
      detail: expect.stringMatching(/^op-mcp 1\.2\.3 lists 2 tools; first list after \d+ ms/),
    });
  });

  test.each([
    ["noise on stdout", `console.log("hello");${answer}`, /not MCP: hello/],
    [
      "an early end",
      "console.error('boom'); process.exit(3)",
      /left with 3 before it answered initialize\. boom/,
    ],
    [
      "a bad exit code",
      `${answer};lines.on("close", () => process.exit(4))`,
      /left with 4 instead of 0/,
    ],
  ])("names %s", async (_what, program, problem) => {
    const found = await check(program);
    expect(found.problems.join(" ")).toMatch(problem);
    expect(checkSelf(found).status).toBe("fail");
  });

  test("names a server that does not leave, and ends it", async () => {
    const found = await check(`${answer};setInterval(() => {}, 1000)`, 500);
    expect(found.problems.join(" ")).toMatch(/more than 0\.5 s for leaving after the end of stdin/);
  });

  test("names a server that cannot be started", async () => {
    const found = await runSelfCheck({
      command: "/nowhere/node",
      args: [],
      env: {},
      cwd: "/",
      signal: new AbortController().signal,
    });
    expect(found.problems.join(" ")).toMatch(/cannot be started: .*ENOENT/);
  });
});
