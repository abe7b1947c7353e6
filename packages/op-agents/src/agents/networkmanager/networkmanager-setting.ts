import type { BusCallOptions } from "../systemd/systemd-bus.ts";
import type { NetworkManagerBus } from "./networkmanager-bus.ts";

/** What the host gives to an agent for NetworkManager. */
export interface NetworkManagerArguments {
  /** Where the system bus is. */
  readonly address: string;
}

/** What the operations work with. */
export interface NetworkManagerSetting {
  /** The bus, connected to when it is first needed. */
  readonly bus: (options: BusCallOptions) => Promise<NetworkManagerBus>;
}
