import type { Sampler } from "./history/open-sampler.ts";
import type { MonitorConfig } from "./monitor-config.ts";

/** What the host gives to a monitor. */
export type MonitorArguments = Pick<
  MonitorConfig,
  "intervalMs" | "historyLength" | "times" | "thresholds"
>;

/** What the operations of the monitor work with. */
export interface MonitorSetting {
  readonly sampler: Sampler;
}
