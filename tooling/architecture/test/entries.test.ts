import { fileURLToPath } from "node:url";
import { runCommand } from "@op-mcp/test-support/run-command";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultEntryBudget, entryBudgets, watchedBuiltins } from "../src/entry-budgets.ts";
import { entriesOf, libraries, rootFolder } from "../src/workspace.ts";

const Report = z.strictObject({
  modules: z.number(),
  builtins: z.array(z.string()),
  running: z.array(z.string()),
});

const probe = fileURLToPath(new URL("../src/probe-entry.ts", import.meta.url));

/** Imports a file in a process of its own and tells what that did. */
async function probeEntry(file: string) {
  const { exit, stdout, stderr } = await runCommand(
    process.execPath,
    ["--conditions=@op-mcp/source", probe, file],
    { cwd: rootFolder, timeoutMs: 30_000 },
  );
  expect(exit, stderr).toBe(0);
  const [printed = "", report = ""] = stdout.split("\0");
  return { printed: printed + stderr, ...Report.parse(JSON.parse(report)) };
}

/** `./testing` runs inside a test runner only, and no product imports it. */
const entries = libraries
  .flatMap(entriesOf)
  .filter(({ specifier }) => !specifier.endsWith("/testing"));
const why = "Whoever imports one function pays for everything the entry does.";

describe.each(entries)("importing $specifier", ({ specifier, file }) => {
  const budget = entryBudgets[specifier] ?? defaultEntryBudget;
  let effect: Awaited<ReturnType<typeof probeEntry>>;

  beforeAll(async () => {
    effect = await probeEntry(file);
  });

  test("prints nothing and leaves nothing running", () => {
    expect(effect, `${why} Do it inside a function.`).toMatchObject({ printed: "", running: [] });
  });

  test("loads few modules", () => {
    const advice = `Import heavy modules where they are used, or raise the entry's budget in tooling/architecture/src/entry-budgets.ts.`;
    expect(effect.modules, `${why} ${advice}`).toBeLessThanOrEqual(budget.modules);
  });

  test("loads modules that reach out of the process only for a stated reason", () => {
    const reachingOut = effect.builtins.filter((name) => watchedBuiltins.includes(name));
    const advice = `Put the code behind another entry, or state the reason in tooling/architecture/src/entry-budgets.ts.`;
    expect(reachingOut.toSorted(), `${why} ${advice}`).toEqual(
      Object.keys(budget.builtins).toSorted(),
    );
  });
});
