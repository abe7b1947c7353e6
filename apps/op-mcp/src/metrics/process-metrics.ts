import { readdirSync } from "node:fs";
import type { Metric } from "./metric.ts";
import { createGauge, createObservedCounter } from "./observed.ts";

/** Values of the process, by the names Prometheus has for them. */
export function processMetrics(): readonly Metric[] {
  let lookedAt = performance.eventLoopUtilization();
  const startedAt = Date.now() / 1000 - process.uptime();
  return [
    createGauge(
      { name: "process_resident_memory_bytes", help: "Memory of the process that is in RAM." },
      () => [[{}, process.memoryUsage.rss()]],
    ),
    createObservedCounter(
      { name: "process_cpu_seconds_total", help: "Processor time of the process." },
      () => {
        const { user, system } = process.cpuUsage();
        return [[{}, (user + system) / 1_000_000]];
      },
    ),
    createGauge(
      { name: "process_start_time_seconds", help: "When the process started, since 1970." },
      () => [[{}, startedAt]],
    ),
    createGauge({ name: "process_open_fds", help: "Files and sockets that are open." }, () => [
      [{}, openFiles()],
    ]),
    createGauge(
      {
        name: "nodejs_eventloop_utilization_ratio",
        help: "How busy JavaScript was since the last look.",
      },
      () => {
        const now = performance.eventLoopUtilization();
        const { utilization } = performance.eventLoopUtilization(now, lookedAt);
        lookedAt = now;
        return [[{}, utilization]];
      },
    ),
    createGauge({ name: "nodejs_heap_used_bytes", help: "Memory in use by JavaScript." }, () => [
      [{}, process.memoryUsage().heapUsed],
    ]),
  ];
}

function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0; // Without /proc nobody knows.
  }
}
