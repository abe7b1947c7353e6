import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import * as z from "zod";
import { defineTool } from "../tool/define-tool.ts";
import { dataResult } from "../tool/tool-result.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";

/** A bare file name, so that nothing outside of PATH is looked at; `[` is a command, too. */
const commandName = /^[A-Za-z0-9_[][A-Za-z0-9_.+@-]*$/;

const input = z.strictObject({
  command: z
    .string()
    .min(1)
    .max(128)
    .regex(commandName)
    .meta({ description: "The program's name, without a path." }),
});

/** Makes the tool that looks for a program in PATH. It executes nothing. */
export function createCheckCommandExists({
  commandPath,
}: Pick<BuiltinAccess, "commandPath">): Tool {
  return defineTool({
    ...builtinHeader("check_command_exists"),
    input,
    call: async ({ command }, { signal }) => {
      const paths = await findCommand(command, commandPath, signal);
      return dataResult({ command, exists: paths.length > 0, paths });
    },
  });
}

/** Every executable file of that name, in the order in which a shell would choose. Relative folders are left out. */
async function findCommand(
  command: string,
  commandPath: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const folders = new Set(commandPath.split(delimiter).filter((folder) => isAbsolute(folder)));
  const found: string[] = [];
  for (const folder of folders) {
    signal.throwIfAborted();
    const path = join(folder, command);
    if (await isExecutableFile(path)) found.push(path);
  }
  return found;
}

/** Whatever keeps the file from being looked at also keeps it from being run. */
async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
