import type { DirectAgent } from "../../serving/direct-agent.ts";
import { toServed } from "../operation/agent-operation.ts";
import { openOnce } from "../operation/open-once.ts";
import type { SystemdBus } from "./systemd-bus.ts";
import { systemdOperations } from "./systemd-operations.ts";
import type { SystemdArguments, SystemdSetting } from "./systemd-setting.ts";

/** Serves the operations; the bus is loaded and connected to when it is first needed. */
export function serveSystemd(settings: SystemdArguments): DirectAgent {
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
