import { systemClock } from "op-core";
import type { Directories } from "../config/directories.ts";
import type { LazyProcesses } from "../processes/lazy-processes.ts";
import { createUpstreams, type Upstreams } from "../upstreams/upstreams.ts";
import type { OpenSystemOptions } from "./open-system.ts";

/** Makes the servers behind op-mcp that are configured; nothing of them is loaded or started before it is used. */
export function connectUpstreams(
  { config, env, logger, serves, clock = systemClock }: OpenSystemOptions,
  directories: Directories,
  processes: LazyProcesses,
): Upstreams {
  return createUpstreams({
    config: config.upstreams,
    env,
    directories,
    spawner: { spawn: async (spec, how) => (await processes.host(how)).spawn(spec, how) },
    isServing: serves !== undefined,
    clock,
    logger,
  });
}
