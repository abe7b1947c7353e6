import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AgentTypeView } from "op-agents";

/** How the agents of one process are. */
export interface AgentsRecord {
  readonly pid: number;
  readonly startedAt: string;
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

export function recordFileOf(directory: string, pid: number): string {
  return join(directory, `${pid}.json`);
}

export function logFileOf(directory: string): string {
  return join(directory, "agents.log");
}

/** The records of the processes that live; those of the dead are taken away. */
export function readAgentsRecords(directory: string): readonly AgentsRecord[] {
  return listRecords(directory).flatMap((pid) => {
    if (isAlive(pid)) return readRecord(recordFileOf(directory, pid));
    rmSync(recordFileOf(directory, pid), { force: true });
    return [];
  });
}

function listRecords(directory: string): readonly number[] {
  try {
    const pids = readdirSync(directory).map((name) => Number(/^(\d+)\.json$/u.exec(name)?.[1]));
    return pids.filter((pid) => !Number.isNaN(pid));
  } catch {
    // No server of this user ever had an agent.
    return [];
  }
}

function readRecord(file: string): readonly AgentsRecord[] {
  try {
    const record: AgentsRecord = JSON.parse(readFileSync(file, "utf8"));
    return [record];
  } catch {
    // Its process has just taken it away.
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
