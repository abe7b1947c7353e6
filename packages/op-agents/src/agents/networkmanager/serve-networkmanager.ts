import type { DirectAgent } from "../../serving/direct-agent.ts";
import { toServed } from "../operation/agent-operation.ts";
import { openOnce } from "../operation/open-once.ts";
import type { NetworkManagerBus } from "./networkmanager-bus.ts";
import { networkManagerOperations } from "./networkmanager-operations.ts";
import type { NetworkManagerArguments, NetworkManagerSetting } from "./networkmanager-setting.ts";

/** Serves the operations; the bus is loaded and connected to when it is first needed. */
export function serveNetworkManager({ address }: NetworkManagerArguments): DirectAgent {
  const bus = openOnce<NetworkManagerBus & AsyncDisposable>(async (options) => {
    const { openNetworkManagerBus } = await import("../dbus/open-networkmanager-bus.ts");
    return await openNetworkManagerBus(address, options);
  });
  const setting: NetworkManagerSetting = { bus: async (options) => await bus.get(options) };
  return {
    operations: Object.fromEntries(
      networkManagerOperations.map((operation) => [operation.name, toServed(operation, setting)]),
    ),
    [Symbol.asyncDispose]: async () => await bus[Symbol.asyncDispose](),
  };
}
