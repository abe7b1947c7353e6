import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import type { ToolDescriptor } from "op-tools";
import { compilePolicy } from "../../policy/compile-policy.ts";
import { withOwnUid } from "../../policy/own-uid.ts";
import type { Policy } from "../../policy/policy.ts";
import { InputUnreadableError } from "../cli-error.ts";
import type { CommandContext } from "../command.ts";
import { withSystem } from "../with-system.ts";

/** The policy of this command line's configuration. */
export async function compileOwnPolicy(context: CommandContext): Promise<Policy> {
  const { config } = await context.loadConfig();
  return compilePolicy(withOwnUid(config.policy, userInfo().uid));
}

/** Every tool that is known. */
export async function knownTools(context: CommandContext): Promise<readonly ToolDescriptor[]> {
  return await withSystem(context, (system) => system.findTools({}, { signal: context.signal }));
}

/** A file that the command line names. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new InputUnreadableError(`The file ${JSON.stringify(path)} cannot be read.`, {
      cause: error,
      advice: "Check the path, and whether you may read it.",
    });
  }
}
