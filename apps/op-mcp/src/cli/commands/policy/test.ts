import { systemClock } from "op-core";
import { parsePolicyTable } from "../../../policy/policy-table.ts";
import { runPolicyTests } from "../../../policy/run-policy-tests.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { compileOwnPolicy, knownTools, readNamedFile } from "../../policy/own-policy.ts";

/** `op-mcp policy test FILE`: whether the policy does what a table of examples says. */
export const runPolicyTest: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const [file = ""] = positionals;
  const table = await parsePolicyTable(await readNamedFile(file), file);
  const policy = await compileOwnPolicy(context);
  const tools = await knownTools(context);
  const results = runPolicyTests(policy, table, { tools, atMs: systemClock.now() });
  const failed = results.filter(({ isOk }) => !isOk).length;
  if (flags.has("json")) {
    screen.json({
      isOk: failed === 0,
      results: results.map(({ isOk, decision, text }) => ({ isOk, decision, text })),
    });
  } else {
    for (const { isOk, text } of results) {
      screen.line(screen.paint(screen.text(text), isOk ? undefined : "red"));
    }
    screen.line(`${results.length - failed} as expected, ${failed} not`);
  }
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
};
