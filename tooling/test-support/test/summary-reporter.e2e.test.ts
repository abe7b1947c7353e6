import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCommand } from "../src/run-command.ts";
import { openTempDir } from "../src/temp-dir.ts";

const reporter = fileURLToPath(new URL("../src/summary-reporter.ts", import.meta.url));
const vitestFolder = dirname(fileURLToPath(import.meta.resolve("vitest/package.json")));

async function runVitest(testFile: string, env: Record<string, string> = {}) {
  await using folder = await openTempDir();
  const globals = "const { afterAll, beforeAll, describe, test } = globalThis;\n";
  await writeFile(join(folder.path, "planted.test.js"), globals + testFile);
  const { exit, stdout } = await runCommand(
    process.execPath,
    [join(vitestFolder, "vitest.mjs"), "run", "--globals", "--reporter=default"].concat(
      `--reporter=${reporter}`,
    ),
    { cwd: folder.path, env: { CI: "", VITEST: "", ...env } },
  );
  return { exit, lastLine: stdout.trimEnd().split("\n").at(-1) };
}

describe("the summary", () => {
  test("counts what passed", async () => {
    expect(await runVitest(`test("a", () => {}); test("b", () => {});`)).toEqual({
      exit: 0,
      lastLine: "2 passed, 0 failed, 0 skipped",
    });
  });

  test("counts a failure", async () => {
    expect(
      await runVitest(`test("a", () => {}); test("b", () => { throw new Error("no"); });`),
    ).toEqual({ exit: 1, lastLine: "1 passed, 1 failed, 0 skipped" });
  });

  test("counts a file that does not load as a failure", async () => {
    expect(await runVitest(`throw new Error("cannot load");`)).toEqual({
      exit: 1,
      lastLine: "0 passed, 1 failed, 0 skipped",
    });
  });

  test("counts a hook that fails", async () => {
    const run = await runVitest(
      `describe("s", () => { afterAll(() => { throw new Error("no"); }); test("a", () => {}); });`,
    );
    expect(run).toEqual({ exit: 1, lastLine: "1 passed, 1 failed, 0 skipped" });
  });

  test("counts an unhandled rejection as a failure", async () => {
    const run = await runVitest(`test("a", () => { void Promise.reject(new Error("lost")); });`);
    expect(run).toEqual({ exit: 1, lastLine: "1 passed, 1 failed, 0 skipped" });
  });

  test("tells skipped tests, which are no failure on a developer's machine", async () => {
    expect(await runVitest(`test("a", () => {}); test.skip("b", () => {});`)).toEqual({
      exit: 0,
      lastLine: "1 passed, 0 failed, 1 skipped",
    });
  });

  test("fails the run in CI when a test was skipped", async () => {
    const run = await runVitest(`test("a", () => {}); test.skip("b", () => {});`, { CI: "true" });
    expect(run).toEqual({ exit: 1, lastLine: "1 passed, 0 failed, 1 skipped" });
  });

  test("is written although the runner's own process dies", async () => {
    const run = await runVitest(`test("a", () => { process.kill(process.ppid, "SIGTERM"); });`);
    expect(run.exit).not.toBe(0);
    expect(run.lastLine).toMatch(/^0 passed, 1 failed, 0 skipped$/u);
  });
});
