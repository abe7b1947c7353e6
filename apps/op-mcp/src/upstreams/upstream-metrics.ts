import type { Metric } from "../metrics/metric.ts";
import { createGauge, createObservedCounter } from "../metrics/observed.ts";
import type { Upstreams } from "./upstreams.ts";

type Engine = NonNullable<ReturnType<Upstreams["status"]>[number]["engine"]>;

/** Values of the servers behind op-mcp at the moment somebody looks. */
export function upstreamMetrics(upstreams: Pick<Upstreams, "status">): readonly Metric[] {
  const each = (value: (engine: Engine) => number) => () =>
    upstreams
      .status()
      .map(
        ({ name, engine }) =>
          [{ upstream: name }, engine === undefined ? 0 : value(engine)] as const,
      );
  const labelNames = ["upstream"];
  return [
    createGauge(
      { name: "op_mcp_upstream_connected", help: "Whether a server is connected.", labelNames },
      each(({ isConnected }) => (isConnected ? 1 : 0)),
    ),
    createGauge(
      { name: "op_mcp_upstream_in_flight", help: "Requests that a server works on.", labelNames },
      each(({ inFlight }) => inFlight),
    ),
    createGauge(
      {
        name: "op_mcp_upstream_circuit_open",
        help: "Whether a server is left alone because it kept failing.",
        labelNames,
      },
      each(({ circuit }) => (circuit === "open" ? 1 : 0)),
    ),
    createGauge(
      {
        name: "op_mcp_upstream_tools_held",
        help: "Tools of a server that are not offered because they changed or cannot be used.",
        labelNames,
      },
      each(({ held }) => held.length),
    ),
    createObservedCounter(
      { name: "op_mcp_upstream_requests_total", help: "Requests to a server.", labelNames },
      each(({ calls }) => calls),
    ),
    createObservedCounter(
      {
        name: "op_mcp_upstream_failures_total",
        help: "Requests to a server that failed for its sake.",
        labelNames,
      },
      each(({ failures }) => failures),
    ),
  ];
}
