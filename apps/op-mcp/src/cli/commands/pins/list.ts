import { digestTool } from "../../../guards/tool-pins.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { withSystem } from "../../with-system.ts";
import { openPins } from "../../pins/open-pins.ts";

/** `op-mcp pins list`: the tools that were approved, and which have changed since. */
export const runPinsList: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const pins = await openPins(context);
  const tools = await withSystem(context, (system) => system.findTools({}, { signal }));
  const now = new Map(tools.map((tool) => [`${tool.source}/${tool.name}`, digestTool(tool)]));
  const rows = pins.names().map((name) => {
    const digest = now.get(name);
    const state =
      digest === undefined ? "gone" : digest === pins.get(name)?.digest ? "unchanged" : "CHANGED";
    return { name, state };
  });
  if (flags.has("json")) screen.json(rows);
  else if (rows.length === 0) screen.line("No tool of a plugin or another server was called yet.");
  else {
    const table = rows.map(({ name, state }) => [
      { text: name },
      { text: state, ...(state === "CHANGED" ? { look: "red" as const } : {}) },
    ]);
    screen.table(["TOOL", "SINCE IT WAS APPROVED"], table);
  }
  return exitCodes.ok;
};
