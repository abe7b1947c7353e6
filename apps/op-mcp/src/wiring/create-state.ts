import { join } from "node:path";
import { systemClock } from "op-core";
import type { Access } from "../access/open-access.ts";
import type { Audit } from "../audit/audit.ts";
import type { Directories } from "../config/directories.ts";
import { findBuses } from "../dbus/find-buses.ts";
import type { LazyProcesses } from "../processes/lazy-processes.ts";
import { createLazyState, type LazyState } from "../state/lazy-state.ts";
import { mayLook } from "../state/may-look.ts";
import { noteRecovery } from "../state/note-recovery.ts";
import type { OpenSystemOptions } from "./open-system.ts";

/** What declared state has to do with. */
export interface StateParts {
  readonly directories: Directories;
  readonly access: Access;
  readonly audit: Audit;
  readonly processes: LazyProcesses;
}

/** Declared state, where it is enabled; a server then soon ends what an earlier one left half done. */
export function createState(
  { config, env, logger, clock = systemClock, serves }: OpenSystemOptions,
  { directories, access, audit, processes }: StateParts,
): readonly LazyState[] {
  if (!config.state.isEnabled) return [];
  const { system } = config.dbus;
  const state = createLazyState({
    config: config.state,
    directory: join(directories.state, "state"),
    systemBusAddress: system === "auto" ? findBuses(env).systemBusAddress : addressOf(system),
    mayLook: (principal, plugin) => mayLook(access, { principal, plugin, atMs: clock.now() }),
    onRecovered: (runs) => noteRecovery(audit, runs),
    processes,
    env,
    clock,
    logger,
  });
  if (serves !== undefined) state.recoverSoon();
  return [state];
}

function addressOf(configured: string): string | undefined {
  return configured === "none" ? undefined : configured;
}
