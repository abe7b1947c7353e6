import { join } from "node:path";
import type { AgentTypeView } from "op-agents";
import { isProcessRecord, type ProcessRecord } from "../records/process-records.ts";

/** How the agents of one process are. */
export interface AgentsRecord extends ProcessRecord {
  readonly types: readonly AgentTypeView[];
  readonly agents: readonly {
    readonly agent: string;
    readonly type: string;
    readonly state: string;
    readonly isolation: string;
    readonly startedAt: string;
    readonly tasksDone: number;
    readonly tasksRunning: number;
    readonly memoryBytes: number;
    readonly cpuMs: number;
  }[];
}

/** Where every server of a user keeps what others may know of its agents. */
export function agentsDirectory({ state }: { readonly state: string }): string {
  return join(state, "agents");
}

export function logFileOf(directory: string): string {
  return join(directory, "agents.log");
}

/** Whether a value is such a record: other versions may keep others. */
export function isAgentsRecord(value: unknown): value is AgentsRecord {
  return isProcessRecord(value) && "agents" in value && Array.isArray(value.agents);
}
