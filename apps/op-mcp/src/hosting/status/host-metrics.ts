import { createGauge } from "../../metrics/gauge.ts";
import type { Metric } from "../../metrics/metric.ts";

/** What can be read of a running host. */
export interface HostFigures {
  readonly sessions: number;
  readonly openRequests: number;
  readonly sseConnections: number;
  readonly webSockets: number;
}

/** Values of the host at the moment somebody looks. */
export function hostMetrics(read: () => HostFigures): readonly Metric[] {
  return [
    createGauge({ name: "op_mcp_sessions", help: "Sessions of the handshake era." }, () => [
      [{}, read().sessions],
    ]),
    createGauge(
      {
        name: "op_mcp_open_requests",
        help: "Requests that are being answered, streams and WebSockets among them.",
      },
      () => [[{}, read().openRequests]],
    ),
    createGauge(
      {
        name: "op_mcp_connections",
        help: "Connections that stay open, by transport.",
        labelNames: ["transport"],
      },
      () => {
        const { sseConnections, webSockets } = read();
        return [
          [{ transport: "sse" }, sseConnections],
          [{ transport: "websocket" }, webSockets],
        ];
      },
    ),
  ];
}

/** Values of the process, by the names Prometheus has for them. */
export function processMetrics(): readonly Metric[] {
  const startedAt = Date.now() / 1000 - process.uptime();
  return [
    createGauge(
      { name: "process_resident_memory_bytes", help: "Memory of the process that is in RAM." },
      () => [[{}, process.memoryUsage.rss()]],
    ),
    createGauge(
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
    createGauge({ name: "nodejs_heap_used_bytes", help: "Memory in use by JavaScript." }, () => [
      [{}, process.memoryUsage().heapUsed],
    ]),
  ];
}
