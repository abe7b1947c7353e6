import { dataResult, type Tool, type ToolContext } from "op-tools";
import {
  inSpan,
  isErrorOf,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Span,
  type SpanAttributes,
  type SpanPart,
} from "op-core";
import { AgentUnavailableError } from "../agent-error.ts";
import { outputOf } from "../pool/output-of.ts";
import type { TaskView } from "../pool/task.ts";
import type { AgentSpec, OperationSpec } from "../spec/agent-spec.ts";
import type { AgentToolParts } from "./agent-tool-parts.ts";
import { describeOperation, toInput } from "./describe-operation.ts";
import { createProgressReport } from "./report-progress.ts";

/** Makes the tool that gives a task to an agent and answers what the agent does. */
export function createOperationTool(
  spec: AgentSpec,
  operation: OperationSpec,
  parts: AgentToolParts,
): Tool {
  const { effectOf } = operation;
  return {
    ...describeOperation(spec, operation, parts.source),
    ...(effectOf === undefined ? {} : { effectOf: (args) => Promise.resolve(effectOf(args)) }),
    call: async (args, context) =>
      await inSpan(context.span, spanOf(spec, operation), async (span) =>
        toResult(operation, await run({ spec, operation, args, context, span }, parts)),
      ),
  };
}

interface OperationCall {
  readonly spec: AgentSpec;
  readonly operation: OperationSpec;
  readonly args: JsonObject;
  readonly context: ToolContext;
  readonly span: Span | undefined;
}

/** A task as a trace shows it: what is done, and not with what. */
function spanOf({ type }: AgentSpec, { name }: OperationSpec): SpanPart {
  const attributes = { "op_mcp.agent.type": type, "op_mcp.agent.operation": name };
  return { name: `agent ${type} ${name}`, kind: "client", attributes };
}

async function run(call: OperationCall, parts: AgentToolParts): Promise<JsonValue> {
  if (parts.direct.isPreferred) {
    const answer = await runDirect(call, "the configuration prefers that.", parts);
    if (answer !== undefined) return answer;
  }
  try {
    return await runByAgent(call, parts);
  } catch (error) {
    // Only then nobody has begun with it.
    if (!isErrorOf(error, AgentUnavailableError)) throw error;
    const answer = await runDirect(call, error.message, parts);
    if (answer !== undefined) return answer;
    throw error;
  }
}

async function runDirect(
  { spec, operation, args, context }: OperationCall,
  because: string,
  { direct }: AgentToolParts,
): Promise<JsonValue | undefined> {
  const { signal, reportProgress } = context;
  const onProgress = createProgressReport(reportProgress);
  const input = toInput(operation, args);
  const task = { type: spec.type, operation: operation.name, input, because, onProgress };
  return await direct.run(task, { signal });
}

async function runByAgent(
  { spec, operation, args, context, span }: OperationCall,
  { pool: lazyPool, wishes, onSubmitted }: AgentToolParts,
): Promise<JsonValue> {
  const { signal, principal, reportProgress } = context;
  const pool = await lazyPool.get({ signal });
  signal.throwIfAborted();
  const wish = wishes.of(context);
  const task = pool.submit({
    ...wish?.how,
    type: spec.type,
    operation: operation.name,
    input: toInput(operation, args),
    principal: principal.id,
    onProgress: createProgressReport(reportProgress),
  });
  onSubmitted(context, { task, place: pool.place });
  wish?.onSubmitted(task);
  try {
    return await outputOf(task, { signal });
  } finally {
    span?.set(factsOf(task.view));
  }
}

function factsOf({ id, attempts, agent, submittedAtMs, startedAtMs }: TaskView): SpanAttributes {
  return {
    "op_mcp.task.id": id,
    "op_mcp.task.attempts": attempts,
    ...(agent === undefined ? {} : { "op_mcp.agent.id": agent }),
    ...(startedAtMs === undefined ? {} : { "op_mcp.task.waited_ms": startedAtMs - submittedAtMs }),
  };
}

function toResult({ outputSchema }: OperationSpec, output: JsonValue) {
  if (isJsonObject(output) || outputSchema !== undefined) return dataResult(output);
  const text = typeof output === "string" ? output : JSON.stringify(output);
  return { content: [{ type: "text", text } as const] };
}
