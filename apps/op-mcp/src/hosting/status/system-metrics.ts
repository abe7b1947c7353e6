import type { Toolbox } from "op-tools";
import type { Audit } from "../../audit/audit.ts";
import { createGauge } from "../../metrics/gauge.ts";
import type { Metric } from "../../metrics/metric.ts";

/** What of the system is measured. */
export interface SystemMetricsOptions {
  readonly toolbox: Pick<Toolbox, "status">;
  readonly audit: Pick<Audit, "status">;
}

/** Values of the tools and of the audit log at the moment somebody looks. */
export function systemMetrics({ toolbox, audit }: SystemMetricsOptions): readonly Metric[] {
  return [
    createGauge({ name: "op_mcp_tools_known", help: "Tools that can be called." }, () => [
      [{}, toolbox.status().known],
    ]),
    createGauge({ name: "op_mcp_tools_loaded", help: "Tools that are loaded." }, () => [
      [{}, toolbox.status().lazy.loaded],
    ]),
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
