import type { BusCallOptions, SystemdBus } from "./systemd-bus.ts";

/** What the host gives to an agent for systemd. */
export interface SystemdArguments {
  /** Where the system bus is. */
  readonly address: string;
  /** Where to read the journal; this machine's own where it is empty. */
  readonly journal: string;
  /** Units that are only looked at; `*` stands for anything. */
  readonly protect: readonly string[];
}

/** What the operations work with. */
export interface SystemdSetting extends SystemdArguments {
  /** The bus, connected to when it is first needed. */
  readonly bus: (options: BusCallOptions) => Promise<SystemdBus>;
}
