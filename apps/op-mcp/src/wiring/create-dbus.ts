import { systemClock } from "op-core";
import { findBuses } from "../dbus/find-buses.ts";
import { createLazyDBus, type LazyDBus } from "../dbus/lazy-dbus.ts";
import type { OpenSystemOptions } from "./open-system.ts";

/** The buses of the machines that are configured; nothing of them is loaded or connected to before it is used. */
export function createDBus(
  { config, env, serves, logger, clock = systemClock }: OpenSystemOptions,
  cacheDirectory: string,
): readonly LazyDBus[] {
  if (!config.dbus.isEnabled) return [];
  return createLazyDBus({
    config: config.dbus,
    ...findBuses(env),
    cacheDirectory,
    isServing: serves !== undefined,
    clock,
    logger,
  });
}
