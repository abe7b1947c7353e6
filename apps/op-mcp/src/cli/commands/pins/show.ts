import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Screen } from "../../screen.ts";
import { findTool, openPins } from "../../pins/open-pins.ts";

/** `op-mcp pins show NAME`: what a tool was when it was approved, and what it is now. */
export const runPinsShow: RunCommand = async (context) => {
  const { flags, screen } = context;
  const tool = await findTool(context);
  const pin = (await openPins(context)).get(`${tool.source}/${tool.name}`);
  const now = { description: tool.description, inputSchema: JSON.stringify(tool.inputSchema) };
  if (flags.has("json")) screen.json({ approved: pin ?? null, now });
  else if (pin === undefined)
    screen.line("It was never called, so it counts as approved when it is.");
  else {
    printChange(screen, "description", [pin.description, now.description]);
    printChange(screen, "input schema", [pin.inputSchema, now.inputSchema]);
  }
  return exitCodes.ok;
};

function printChange(screen: Screen, what: string, [before, now]: readonly [string, string]): void {
  screen.line(screen.paint(what, "bold"));
  if (before === now) screen.line(`  ${screen.text(now)}`);
  else {
    screen.line(screen.paint(`- ${screen.text(before)}`, "red"));
    screen.line(screen.paint(`+ ${screen.text(now)}`, "green"));
  }
}
