import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { findTool, openPins } from "../../pins/open-pins.ts";

/** `op-mcp pins approve NAME`: lets a tool be called as it is now. */
export const runPinsApprove: RunCommand = async (context) => {
  const { flags, screen } = context;
  const tool = await findTool(context);
  (await openPins(context)).approve(tool);
  if (flags.has("json")) screen.json({ isApproved: true, tool: tool.name, source: tool.source });
  else screen.line(`${screen.text(tool.name)} may be called as it is now.`);
  return exitCodes.ok;
};
