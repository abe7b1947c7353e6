import { systemClock } from "op-core";
import { resolveDirectories } from "../../config/directories.ts";
import { createLogger } from "../../logging/create-logger.ts";
import { createLazyProcesses } from "../../processes/lazy-processes.ts";
import type { UpstreamShell } from "../../upstreams/upstream-shell.ts";
import { createUpstreams } from "../../upstreams/upstreams.ts";
import { UpstreamSettingsError } from "../../upstreams/upstream-error.ts";
import type { CommandContext } from "../command.ts";
import { wantsColour } from "../screen.ts";
import { findConfigured } from "./configured-upstream.ts";

/** Opens the server that the command line names, and nothing else, for as long as `use` runs; also one that is disabled. */
export async function withUpstream<T>(
  context: CommandContext,
  use: (shell: UpstreamShell) => Promise<T>,
): Promise<T> {
  const { io, flags } = context;
  const { name, settings, loaded } = await findConfigured(context);
  const isDefault = loaded.originOf(["log", "level"]).layer === "default";
  await using log = createLogger({
    config: { ...loaded.config.log, ...(isDefault ? { level: "warn", format: "pretty" } : {}) },
    stderr: io.stderr,
    clock: systemClock,
    hasColour: wantsColour(io, flags.has("no-color")),
  });
  const common = { clock: systemClock, logger: log.logger };
  await using processes = createLazyProcesses(common);
  await using upstreams = createUpstreams({
    config: {
      ...loaded.config.upstreams,
      servers: { [name]: { ...settings, isEnabled: true, warm: false } },
    },
    env: io.env,
    directories: resolveDirectories(loaded.config.paths, io.env),
    spawner: { spawn: async (spec, how) => (await processes.host(how)).spawn(spec, how) },
    isServing: false,
    ...common,
  });
  const shell = upstreams.shells.get(name);
  if (shell === undefined) {
    const [unusable] = upstreams.unusable;
    throw new UpstreamSettingsError(name, unusable?.problem ?? "it is not known");
  }
  return await use(shell);
}
