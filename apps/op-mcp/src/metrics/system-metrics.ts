import type { ConcurrencyLimit, ResultCache, Toolbox } from "op-tools";
import type { Audit } from "../audit/audit.ts";
import type { Metric } from "./metric.ts";
import { createGauge, createObservedCounter } from "./observed.ts";

/** What of the system is measured. */
export interface SystemMetricsOptions {
  readonly toolbox: Pick<Toolbox, "status">;
  readonly audit: Pick<Audit, "status">;
  readonly queue: Pick<ConcurrencyLimit, "running" | "waiting">;
  readonly cache: Pick<ResultCache, "entries" | "bytes" | "hits" | "misses">;
}

/** Values of the tools, their queue, their cache and the audit log at the moment somebody looks. */
export function systemMetrics(system: SystemMetricsOptions): readonly Metric[] {
  return [
    ...toolMetrics(system),
    ...queueMetrics(system),
    ...cacheMetrics(system),
    ...auditMetrics(system),
  ];
}

function toolMetrics({ toolbox }: SystemMetricsOptions): readonly Metric[] {
  return [
    createGauge({ name: "op_mcp_tools_known", help: "Tools that can be called." }, () => [
      [{}, toolbox.status().known],
    ]),
    createGauge({ name: "op_mcp_tools_loaded", help: "Tools that are loaded." }, () => [
      [{}, toolbox.status().lazy.loaded],
    ]),
    createObservedCounter(
      {
        name: "op_mcp_tool_loads_total",
        help: "Uses of tools: of one that was loaded, by loading it, or by failing to; and tools that were unloaded to make room.",
        labelNames: ["result"],
      },
      () => {
        const { hits, loads, failedLoads, evictions } = toolbox.status().lazy;
        return Object.entries({
          hit: hits,
          load: loads,
          failure: failedLoads,
          eviction: evictions,
        }).map(([result, count]) => [{ result }, count]);
      },
    ),
    createGauge(
      {
        name: "op_mcp_source_up",
        help: "Whether the last listing of a source worked.",
        labelNames: ["source"],
      },
      () =>
        toolbox
          .status()
          .sources.map(({ name, state }) => [{ source: name }, state.kind === "ready" ? 1 : 0]),
    ),
  ];
}

function queueMetrics({ queue }: SystemMetricsOptions): readonly Metric[] {
  return [
    createGauge(
      {
        name: "op_mcp_queue_calls",
        help: "Calls that run, and calls that wait for their turn.",
        labelNames: ["state"],
      },
      () => [
        [{ state: "running" }, queue.running],
        [{ state: "waiting" }, queue.waiting],
      ],
    ),
  ];
}

function cacheMetrics({ cache }: SystemMetricsOptions): readonly Metric[] {
  return [
    createObservedCounter(
      {
        name: "op_mcp_cache_calls_total",
        help: "Calls that may be answered from memory: those that were, and those that were not.",
        labelNames: ["result"],
      },
      () => [
        [{ result: "hit" }, cache.hits],
        [{ result: "miss" }, cache.misses],
      ],
    ),
    createGauge({ name: "op_mcp_cache_entries", help: "Answers kept in memory." }, () => [
      [{}, cache.entries],
    ]),
    createGauge({ name: "op_mcp_cache_bytes", help: "What the kept answers weigh." }, () => [
      [{}, cache.bytes],
    ]),
  ];
}

function auditMetrics({ audit }: SystemMetricsOptions): readonly Metric[] {
  return [
    createGauge(
      {
        name: "op_mcp_audit_entries",
        help: "Entries of the audit log since the start: in the log, waiting for the disk, or lost.",
        labelNames: ["state"],
      },
      () => {
        const { size, queued, lost } = audit.status();
        return Object.entries({ written: size, queued, lost }).flatMap(([state, value]) =>
          typeof value === "number" ? [[{ state }, value] as const] : [],
        );
      },
    ),
  ];
}
