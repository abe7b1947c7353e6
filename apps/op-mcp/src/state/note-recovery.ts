import type { RecoveredRun } from "op-state";
import type { Audit } from "../audit/audit.ts";

/** Writes down what became of runs that an earlier process left half done. */
export function noteRecovery(audit: Audit, runs: readonly RecoveredRun[]): void {
  for (const { record, outcome, error } of runs) {
    const { id: run, kind, who, why } = record;
    const details = { run, kind, who, why, outcome, ...(error === undefined ? {} : { error }) };
    audit.note({ kind: "event", event: "state-recovered", details }, "continue");
  }
}
