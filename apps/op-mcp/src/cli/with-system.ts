import { systemClock } from "op-core";
import { createLogger } from "../logging/create-logger.ts";
import type { LogConfig } from "../logging/log-config.ts";
import type { CliSystem } from "./cli-system.ts";
import type { CommandContext } from "./command.ts";
import { wantsColour } from "./screen.ts";

/** How the log behaves unless the user chose otherwise. */
export interface WithSystemOptions {
  readonly level?: LogConfig["level"];
}

/**
 * Opens the system for as long as `use` runs. Unless the user chose otherwise, only warnings are logged, for people: the
 * command's own output is what was asked for.
 */
export async function withSystem<T>(
  context: CommandContext,
  use: (system: CliSystem) => Promise<T>,
  { level = "warn" }: WithSystemOptions = {},
): Promise<T> {
  const loaded = await context.loadConfig();
  const isDefault = (key: string): boolean => loaded.originOf(["log", key]).layer === "default";
  const { log } = loaded.config;
  await using process = createLogger({
    config: {
      ...log,
      ...(isDefault("level") ? { level } : {}),
      ...(isDefault("format") ? { format: "pretty" } : {}),
    },
    stderr: context.io.stderr,
    clock: systemClock,
    hasColour: wantsColour(context.io, context.flags.has("no-color")),
  });
  const { signal } = context;
  await using system = await context.openSystem({
    loaded,
    env: context.io.env,
    logger: process.logger,
    signal,
  });
  return await use(system);
}
