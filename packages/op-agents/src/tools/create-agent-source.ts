import { hash } from "node:crypto";
import type { JsonObject } from "op-core";
import {
  ToolNotFoundError,
  type SourceOptions,
  type Tool,
  type ToolContext,
  type ToolDescriptor,
  type ToolResult,
  type ToolSource,
  type ToolSourceChange,
} from "op-tools";
import { PoolClosedError } from "../agent-error.ts";
import type { AgentTypeView } from "../pool/agent-pool.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { FoundAgents } from "../spec/found-agents.ts";
import type { AgentToolParts, SubmittedTask } from "./agent-tool-parts.ts";
import { AgentRoster } from "./agent-roster.ts";
import { createDirectAgents, type DirectOptions } from "./direct-agents.ts";
import { createLazyPool, type OpenPool } from "./lazy-pool.ts";
import { createOperationTool } from "./operation-tool.ts";
import { createOrchestrationTools } from "./orchestration/orchestration-tools.ts";
import { createTaskWishes } from "./task-wishes.ts";

/** What a source of agents' tools takes. */
export interface AgentSourceOptions {
  readonly specs: readonly AgentSpec[];
  /** Agents that come and go besides. Types and tools that there are already keep their names. */
  readonly found?: FoundAgents | undefined;
  /** How many agents the pool has at most. */
  readonly maxAgents: number;
  /** Opens the pool of these agents; called for the first task. The source closes it. */
  readonly openPool: OpenPool;
  /** Calls a tool of this source as a client does, so that `distribute_task` gets past nothing. */
  readonly call: (name: string, args: JsonObject, context: ToolContext) => Promise<ToolResult>;
  /** Hears of the task that a call has become, for example to note which agent did it. */
  readonly onSubmitted?: (context: ToolContext, submitted: SubmittedTask) => void;
  /** How what some agents do is done without them: where none can be had, or as it is preferred. Without it, never. */
  readonly direct?: DirectOptions;
  /** Default: `agents`. */
  readonly name?: string;
}

/** The tools of agents. */
export interface AgentSource extends ToolSource {
  /** How each type of agent stands; nothing before the first task. */
  readonly types: readonly AgentTypeView[];
  /** Cancels the tasks that were distributed and that nobody waits for; call it before what calls go through is closed. */
  leave(): void;
}

/** Makes a source of a tool for each operation of each agent, and of tools to look after them. Listing starts nothing. */
export function createAgentSource(options: AgentSourceOptions): AgentSource {
  const { maxAgents, openPool, call, onSubmitted = () => undefined, name, found } = options;
  const roster = new AgentRoster(options.specs, found);
  const pool = createLazyPool(async (how) => {
    const opened = await openPool(how);
    roster.join(opened);
    return opened;
  });
  const direct = createDirectAgents(options.direct);
  const leaving = new AbortController();
  const parts: AgentToolParts = {
    source: name ?? "agents",
    specs: roster.specs,
    maxAgents,
    pool,
    direct,
    wishes: createTaskWishes(),
    call,
    leaving: leaving.signal,
    onSubmitted,
  };
  let made: ReadonlyMap<string, Tool> | undefined;
  const tools = async (signal: AbortSignal) => {
    signal.throwIfAborted();
    if (await roster.refresh({ signal })) made = undefined;
    return (made ??= createTools(parts, options.specs));
  };
  return {
    name: parts.source,
    get types() {
      return pool.opened?.types ?? [];
    },
    async *list({ signal }) {
      for (const tool of (await tools(signal)).values()) yield toDescriptor(tool);
    },
    load: async (wanted, { signal }) => {
      const tool = (await tools(signal)).get(wanted);
      if (tool === undefined) throw new ToolNotFoundError(wanted);
      return tool;
    },
    fingerprint: async ({ signal }) =>
      hash("sha256", JSON.stringify([...(await tools(signal)).values()])),
    ...(found === undefined ? {} : { changes: (how) => tellResets(found, how) }),
    leave: () => leaving.abort(new PoolClosedError("A task")),
    [Symbol.asyncDispose]: async () => {
      await direct[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** What goes into a list: functions are no part of JSON. */
function toDescriptor(tool: Tool): ToolDescriptor {
  const descriptor: ToolDescriptor = JSON.parse(JSON.stringify(tool));
  return descriptor;
}

async function* tellResets(
  found: FoundAgents,
  how: SourceOptions,
): AsyncGenerator<ToolSourceChange> {
  for await (const _ of found.changes(how)) yield { kind: "source-reset" };
}

/** What is configured and what looks after agents keeps its name, whatever those call themselves that were found. */
function createTools(parts: AgentToolParts, own: readonly AgentSpec[]): ReadonlyMap<string, Tool> {
  const toolsOf = (spec: AgentSpec) =>
    spec.operations.map((operation) => createOperationTool(spec, operation, parts));
  const found = parts.specs.filter((spec) => !own.includes(spec));
  const tools = new Map<string, Tool>();
  for (const tool of [
    ...own.flatMap(toolsOf),
    ...createOrchestrationTools(parts),
    ...found.flatMap(toolsOf),
  ]) {
    if (!tools.has(tool.name)) tools.set(tool.name, tool);
  }
  return tools;
}
