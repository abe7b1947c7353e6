import { disks } from "./operations/disks.ts";
import { hardware } from "./operations/hardware.ts";
import { listProcesses } from "./operations/list-processes.ts";
import { loadHistory } from "./operations/load-history.ts";
import { systemStatus } from "./operations/system-status.ts";
import { temperatures } from "./operations/temperatures.ts";
import { watchAlerts } from "./operations/watch-alerts.ts";

/** What the monitor tells. */
export const monitorOperations = [
  systemStatus,
  listProcesses,
  disks,
  loadHistory,
  hardware,
  temperatures,
  watchAlerts,
] as const;
