import type { Operation } from "../../serving/serve-agent.ts";
import { toServed } from "../operation/agent-operation.ts";
import { openOnce } from "../operation/open-once.ts";
import type { SystemdBus } from "./systemd-bus.ts";
import { systemdOperations } from "./systemd-operations.ts";
import type { SystemdArguments, SystemdSetting } from "./systemd-setting.ts";

/** What an agent for systemd serves, until it is disposed. */
export interface ServedSystemd extends AsyncDisposable {
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Serves the operations; the bus is loaded and connected to when it is first needed. */
export function serveSystemd(settings: SystemdArguments): ServedSystemd {
  const bus = openOnce<SystemdBus & AsyncDisposable>(async (options) => {
    const { openSystemdBus } = await import("../dbus/open-systemd-bus.ts");
    return await openSystemdBus(settings.address, options);
  });
  const setting: SystemdSetting = { ...settings, bus: async (options) => await bus.get(options) };
  return {
    operations: Object.fromEntries(
      systemdOperations.map((operation) => [operation.name, toServed(operation, setting)]),
    ),
    [Symbol.asyncDispose]: async () => await bus[Symbol.asyncDispose](),
  };
}
