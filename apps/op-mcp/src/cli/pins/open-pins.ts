import { ToolNotFoundError, type ToolDescriptor } from "op-tools";
import { resolveDirectories } from "../../config/directories.ts";
import { createToolPins, pinsPath, type ToolPins } from "../../guards/tool-pins.ts";
import type { CommandContext } from "../command.ts";
import { withSystem } from "../with-system.ts";

/** The approved tools of this command line's configuration. */
export async function openPins(context: CommandContext): Promise<ToolPins> {
  const { config } = await context.loadConfig();
  return createToolPins(pinsPath(resolveDirectories(config.paths, context.io.env)));
}

/** The tool that the command line names, as it is now. */
export async function findTool(context: CommandContext): Promise<ToolDescriptor> {
  const [name = ""] = context.positionals;
  const { signal } = context;
  const tools = await withSystem(context, (system) => system.findTools({}, { signal }));
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) throw new ToolNotFoundError(name);
  return tool;
}
