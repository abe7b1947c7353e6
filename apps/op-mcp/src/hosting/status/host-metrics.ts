import { createGauge } from "../../metrics/observed.ts";
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
