import { systemClock } from "op-core";
import { createLogger } from "../logging/create-logger.ts";
import type { CliSystem } from "./cli-system.ts";
import type { CommandContext } from "./command.ts";
import { wantsColour } from "./screen.ts";

/**
 * Opens the system for as long as `use` runs. Unless the user chose a level, only warnings are logged: the command's own
 * output is what was asked for.
 */
export async function withSystem<T>(
  context: CommandContext,
  use: (system: CliSystem) => Promise<T>,
): Promise<T> {
  const loaded = await context.loadConfig();
  const isChosen = loaded.originOf(["log", "level"]).layer !== "default";
  const { log } = loaded.config;
  await using process = createLogger({
    config: isChosen ? log : { ...log, level: "warn" },
    stderr: context.io.stderr,
    clock: systemClock,
    hasColour: wantsColour(context.io, context.flags.has("no-color")),
  });
  for (const note of loaded.notes) process.logger.debug(note);
  const { signal } = context;
  await using system = await context.openSystem({
    loaded,
    env: context.io.env,
    logger: process.logger,
    signal,
  });
  return await use(system);
}
