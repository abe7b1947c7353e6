import { join } from "node:path";
import type { HeldTool } from "op-aggregator";
import type { JsonObject } from "op-core";
import { isProcessRecord, type ProcessRecord } from "../records/process-records.ts";
import {
  countsOf,
  stateOf,
  type UpstreamCounts,
  type UpstreamState,
} from "./describe-upstreams.ts";
import type { ShellStatus, UpstreamShell } from "./upstream-shell.ts";

/** How one server is, as plain data that other processes read. */
export interface UpstreamView {
  readonly name: string;
  readonly state: UpstreamState;
  /** Whether something of it was used since the process started; before, nothing is known of it. */
  readonly isUsed: boolean;
  /** Why it cannot be connected, where that is so. */
  readonly unreachable?: string;
  readonly revision: string;
  readonly serverInfo: JsonObject;
  readonly tools: readonly {
    readonly name: string;
    readonly risk: string;
    readonly description: string;
  }[];
  readonly held: readonly HeldTool[];
  readonly resources: number;
  readonly templates: number;
  readonly prompts: readonly string[];
  readonly counts: UpstreamCounts;
  /** Absent where nothing runs for it on this machine. */
  readonly memoryBytes?: number;
  readonly pids: readonly number[];
  /** The newest first. */
  readonly errors: ShellStatus["errors"];
}

/** How the servers behind one running op-mcp are. */
export interface UpstreamsRecord extends ProcessRecord {
  readonly upstreams: readonly UpstreamView[];
}

/** Whether a value is such a record: other versions may keep others. */
export function isUpstreamsRecord(value: unknown): value is UpstreamsRecord {
  return isProcessRecord(value) && "upstreams" in value && Array.isArray(value.upstreams);
}

/** Where every running op-mcp of a user keeps what others may know of the servers behind it. */
export function upstreamsRecordDirectory({ state }: { readonly state: string }): string {
  return join(state, "upstreams", "running");
}

/** How a server is now. Nothing is started to say it. */
export async function viewUpstream(shell: UpstreamShell): Promise<UpstreamView> {
  const { status } = shell;
  const { name, engine, errors } = status;
  const { resources, templates, prompts } = await shell.knownLists();
  const usage = await shell.children.read();
  return {
    name,
    state: stateOf(status),
    isUsed: engine !== undefined,
    ...(engine?.unreachable === undefined ? {} : { unreachable: engine.unreachable }),
    revision: engine?.profile?.revision ?? "",
    serverInfo: { ...engine?.profile?.serverInfo },
    tools: shell.tools.map(({ name: tool, risk, description }) => ({
      name: tool,
      risk,
      description,
    })),
    held: engine?.held ?? [],
    resources: resources.length,
    templates: templates.length,
    prompts: prompts.map((prompt) => prompt.name),
    counts: countsOf(status),
    ...(usage === undefined ? {} : { memoryBytes: usage.memoryBytes }),
    pids: usage?.pids ?? [],
    errors,
  };
}
