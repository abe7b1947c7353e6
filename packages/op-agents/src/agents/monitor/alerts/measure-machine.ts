import type { Sample } from "../history/sample.ts";
import { readCpu } from "../readings/read-cpu.ts";
import { readDiskUsage } from "../readings/read-disk-usage.ts";
import { readTemperatures } from "../readings/read-temperatures.ts";
import type { MonitorConfig } from "../monitor-config.ts";
import type { Measure } from "./alert-watch.ts";

/** What has thresholds, now. */
export async function measureMachine(
  sample: Sample,
  thresholds: MonitorConfig["thresholds"],
): Promise<readonly Measure[]> {
  const disks = await readDiskUsage();
  const { diskPercent, inodesPercent, celsius } = thresholds;
  const own: readonly Measure[] = [
    { what: "cpu", value: sample.cpuPercent, threshold: thresholds.cpuPercent },
    {
      what: "load per processor",
      value: sample.load / readCpu().count,
      threshold: thresholds.loadPerCpu,
    },
    { what: "memory", value: sample.memoryPercent, threshold: thresholds.memoryPercent },
    { what: "swap", value: sample.swapPercent, threshold: thresholds.swapPercent },
    {
      what: "pressure of memory",
      value: sample.memoryPressure ?? 0,
      threshold: thresholds.memoryPressure,
    },
    { what: "pressure of io", value: sample.ioPressure ?? 0, threshold: thresholds.ioPressure },
  ];
  // What can't be written to does not fill up.
  const full = disks
    .filter(({ isReadOnly }) => !isReadOnly)
    .flatMap((disk): readonly Measure[] => [
      { what: `disk ${disk.mount}`, value: disk.usedPercent, threshold: diskPercent },
      { what: `files of ${disk.mount}`, value: disk.inodesPercent, threshold: inodesPercent },
    ]);
  const hot = readTemperatures().map((each) => ({
    what: `temperature of ${each.sensor}`,
    value: each.celsius,
    threshold: celsius,
  }));
  return [...own, ...full, ...hot];
}
