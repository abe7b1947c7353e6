import type { Clock, Logger } from "op-core";
import type { DBusConfig } from "op-dbus/config";
import { AdapterError } from "./dbus-settings-error.ts";
import { createDBusSources, type ConnectBus, type DBusSource } from "op-dbus/tools";

/** What the tools of D-Bus are opened with. */
export interface OpenDBusOptions {
  readonly config: DBusConfig;
  readonly sessionBusAddress: string | undefined;
  readonly systemBusAddress: string | undefined;
  /** Where what services look like is kept between runs. */
  readonly cacheDirectory: string;
  /** Whether clients are served, and not one command of whoever runs it. */
  readonly isServing: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const asRoot =
  "this process runs as root, whom no service asks for permission: the access rules alone protect this machine";

/** Makes the sources of every configured machine, over the adapter that is configured. */
export async function openDBus(options: OpenDBusOptions): Promise<readonly DBusSource[]> {
  const { systemBusAddress, isServing, logger } = options;
  if (isServing && process.geteuid?.() === 0) logger.warn(asRoot);
  // Without an address it would look in the usual place, where there is none.
  const system =
    options.config.system === "auto" && systemBusAddress === undefined
      ? "none"
      : options.config.system;
  const config = { ...options.config, system };
  const connect = config.adapter === "dbus-next" ? await connectByDBusNext() : undefined;
  return createDBusSources({ ...options, config, ...(connect === undefined ? {} : { connect }) });
}

async function connectByDBusNext(): Promise<ConnectBus> {
  const { openDbusNextConnection } = await import("op-dbus/dbus-next");
  return async (options) => {
    const { address } = options;
    if (address === undefined) throw new AdapterError();
    return await openDbusNextConnection({ ...options, address });
  };
}
