import { userInfo } from "node:os";
import { checkPolicy } from "../../../policy/check-policy.ts";
import { formatPolicyProblem, type PolicyProblem } from "../../../policy/policy-error.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { knownTools, readNamedFile } from "../../policy/own-policy.ts";

/** `op-mcp policy check [FILE]`: what is wrong with a policy, or looks wrong; fails where it could not be used. */
export const runPolicyCheck: RunCommand = async (context) => {
  const { flags, screen } = context;
  const problems = await findProblems(context);
  const isUsable = problems.every(({ severity }) => severity === "warning");
  if (flags.has("json")) screen.json({ isUsable, problems });
  else {
    for (const problem of problems) {
      const look = problem.severity === "error" ? "red" : "yellow";
      screen.line(
        `${screen.paint(problem.severity, look)}: ${screen.text(formatPolicyProblem(problem))}`,
      );
    }
    if (isUsable) screen.line(screen.paint("The policy can be used.", "green"));
  }
  return isUsable ? exitCodes.ok : exitCodes.config;
};

async function findProblems(context: CommandContext): Promise<readonly PolicyProblem[]> {
  const [file] = context.positionals;
  const { uid } = userInfo();
  const tools = await knownTools(context);
  if (file !== undefined) return await checkPolicy(await readNamedFile(file), { file, uid, tools });
  const { config } = await context.loadConfig();
  return await checkPolicy(config.policy, { uid, tools });
}
