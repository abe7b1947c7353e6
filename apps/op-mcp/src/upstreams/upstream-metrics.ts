import type { Metric } from "../metrics/metric.ts";
import { createGauge, createObservedCounter } from "../metrics/observed.ts";
import type { Upstreams } from "./upstreams.ts";

type Engine = NonNullable<ReturnType<Upstreams["status"]>[number]["engine"]>;

/** One value of each server. */
interface Observed {
  readonly name: string;
  readonly help: string;
  readonly value: (engine: Engine) => number;
}

const gauges: readonly Observed[] = [
  {
    name: "op_mcp_upstream_connected",
    help: "Whether a server is connected.",
    value: ({ isConnected }) => (isConnected ? 1 : 0),
  },
  {
    name: "op_mcp_upstream_in_flight",
    help: "Requests that a server works on.",
    value: ({ inFlight }) => inFlight,
  },
  {
    name: "op_mcp_upstream_circuit_open",
    help: "Whether a server is left alone because it kept failing.",
    value: ({ circuit }) => (circuit === "open" ? 1 : 0),
  },
  {
    name: "op_mcp_upstream_tools_held",
    help: "Tools of a server that are not offered because they changed or cannot be used.",
    value: ({ held }) => held.length,
  },
  {
    name: "op_mcp_upstream_kept_bytes",
    help: "Memory that answers take which a server lets be kept, roughly.",
    value: ({ kept }) => kept.bytes,
  },
];

const counters: readonly Observed[] = [
  {
    name: "op_mcp_upstream_requests_total",
    help: "Requests to a server.",
    value: ({ calls }) => calls,
  },
  {
    name: "op_mcp_upstream_failures_total",
    help: "Requests to a server that failed for its sake.",
    value: ({ failures }) => failures,
  },
  {
    name: "op_mcp_upstream_repeats_total",
    help: "Requests to a server that were made once more because the connection ended in their midst.",
    value: ({ repeats }) => repeats,
  },
  {
    name: "op_mcp_upstream_kept_hits_total",
    help: "Requests that were answered by what a server lets be kept.",
    value: ({ kept }) => kept.hits,
  },
];

/** Values of the servers behind op-mcp at the moment somebody looks. */
export function upstreamMetrics(upstreams: Pick<Upstreams, "status">): readonly Metric[] {
  const each = (value: Observed["value"]) => () =>
    upstreams
      .status()
      .map(
        ({ name, engine }) =>
          [{ upstream: name }, engine === undefined ? 0 : value(engine)] as const,
      );
  const labelNames = ["upstream"];
  return [
    ...gauges.map(({ name, help, value }) => createGauge({ name, help, labelNames }, each(value))),
    ...counters.map(({ name, help, value }) =>
      createObservedCounter({ name, help, labelNames }, each(value)),
    ),
  ];
}
