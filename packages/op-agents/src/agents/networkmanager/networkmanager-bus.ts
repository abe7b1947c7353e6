import type { BusCallOptions } from "../systemd/systemd-bus.ts";

/** A stored connection. */
export interface StoredConnection {
  readonly path: string;
  readonly name: string;
  readonly uuid: string;
  /** Such as `802-3-ethernet`. */
  readonly kind: string;
  /** The interface it is for; empty for any. */
  readonly interface: string;
  readonly startsByItself: boolean;
  readonly ipv4: StoredIp;
  readonly ipv6: StoredIp;
}

/** What is stored of one family of addresses. */
export interface StoredIp {
  /** Such as `auto`, `manual` or `disabled`. */
  readonly method: string;
  /** With their prefixes, such as `192.0.2.5/24`. */
  readonly addresses: readonly string[];
  readonly gateway: string;
}

/** A connection that is used, or about to be. */
export interface ActiveConnection {
  readonly path: string;
  /** The path of the stored one. */
  readonly connection: string;
  readonly devices: readonly string[];
  readonly state: "activating" | "activated" | "deactivating" | "unknown";
}

/** A network device, as NetworkManager sees it. */
export interface NetworkDevice {
  readonly path: string;
  readonly interface: string;
  readonly isManaged: boolean;
  readonly isActivated: boolean;
  readonly isFailed: boolean;
  readonly state: string;
  /** Why it is in that state. */
  readonly reason: string;
  /** Whether there is a link; `null` where that can't be told. */
  readonly hasCarrier: boolean | null;
}

/** What is changed of one family of addresses; what is left out stays. */
export interface IpChange {
  readonly method?: string;
  readonly addresses?: readonly string[];
  readonly gateway?: string;
  readonly dns?: readonly string[];
}

/** What is changed of a connection; what is left out stays. */
export interface ConnectionChange {
  readonly name?: string;
  readonly interface?: string;
  readonly startsByItself?: boolean;
  readonly mtu?: number;
  readonly ipv4?: IpChange;
  readonly ipv6?: IpChange;
}

/** What can be asked of NetworkManager. Every method rejects with a failure that says what it said. */
export interface NetworkManagerBus {
  connections(options: BusCallOptions): Promise<readonly StoredConnection[]>;
  activeConnections(options: BusCallOptions): Promise<readonly ActiveConnection[]>;
  devices(options: BusCallOptions): Promise<readonly NetworkDevice[]>;
  device(path: string, options: BusCallOptions): Promise<NetworkDevice>;
  /** Resolves to the path of the stored connection. */
  add(change: ConnectionChange, options: BusCallOptions): Promise<string>;
  /** Passwords that are stored stay. */
  update(path: string, change: ConnectionChange, options: BusCallOptions): Promise<void>;
  /** Resolves when it has begun. */
  activate(connection: string, device: string, options: BusCallOptions): Promise<void>;
  deactivate(active: string, options: BusCallOptions): Promise<void>;
  /** Makes NetworkManager bring devices and connections back after so many seconds, unless it is told not to. */
  createCheckpoint(
    devices: readonly string[],
    options: BusCallOptions & { readonly seconds: number },
  ): Promise<string>;
  keepChange(checkpoint: string, options: BusCallOptions): Promise<void>;
  rollBack(checkpoint: string, options: BusCallOptions): Promise<void>;
}
