import { onAbort } from "op-core";
import {
  dataResult,
  type CallEffect,
  type Tool,
  type ToolContext,
  type ToolResult,
} from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { UnknownOperationError } from "../../agent-error.ts";
import type { Task } from "../../pool/task.ts";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { describeOperation, toolNameOf } from "../describe-operation.ts";
import type { TaskWish } from "../task-wishes.ts";
import { toTaskSummary } from "./task-shape.ts";
import { toolHeader } from "./tool-header.ts";

const input = z.strictObject({
  type: z.string().meta({ description: "The type of agent, as list_agents names it." }),
  operation: z.string().meta({ description: "What it is to do: an operation, or its tool." }),
  input: z.record(z.string(), z.json()).default({}).meta({
    description: "The arguments, as the tool of the operation takes them.",
  }),
  priority: z.int().min(0).max(1000).default(100).meta({
    description: "Of your tasks, those with a smaller number go first.",
  }),
  deadlineMs: z.int().min(1).optional().meta({
    description: "How long it may take, waiting included; the limit of the type unless told.",
  }),
  idempotencyKey: z.string().max(200).optional().meta({
    description: "Whoever submits the same task with the same key again gets the task there is.",
  }),
  project: z.string().max(200).optional().meta({
    description: "A name for tasks that belong together; see get_project_status.",
  }),
});

type Wanted = z.output<typeof input>;

const summary = "Gives a task to an agent; whether it may be done is decided for its own tool.";

/** Makes the tool that submits a task and does not wait for its end. */
export function createDistributeTask(parts: AgentToolParts): Tool {
  return {
    ...defineTool({
      ...toolHeader(parts, "distribute_task", "Distribute task"),
      description:
        "Gives a task to the next free agent and answers at once with its id; task_status shows what comes of it. The rules for the tool of the operation apply.",
      input,
      risk: "destructive",
      annotations: { openWorldHint: false },
      call: (wanted, context) => distribute(wanted, parts, context),
    }),
    // The call of the operation's tool goes through policy and approval by itself.
    effectOf: (): Promise<CallEffect> => Promise.resolve({ risk: "read", summary }),
  };
}

/** Calls the tool of the operation as the caller would, and goes on when its task has been submitted. */
async function distribute(
  wanted: Wanted,
  parts: AgentToolParts,
  context: ToolContext,
): Promise<ToolResult> {
  const tool = findTool(wanted, parts, context);
  const submitted = Promise.withResolvers<Task>();
  const stop = new AbortController();
  using _link = onAbort(context.signal, (reason) => stop.abort(reason));
  const inner: ToolContext = {
    signal: AbortSignal.any([stop.signal, parts.leaving]),
    requestId: context.requestId,
    principal: context.principal,
    sessionId: context.sessionId,
    ...(context.client === undefined ? {} : { client: context.client }),
    logger: context.logger,
    ask: context.ask,
    // Nobody hears them when the call has been answered; task_status shows what was said last.
    reportProgress: () => undefined,
    logToClient: () => undefined,
    meta: { ...context.meta },
    ...(context.narrowedTo === undefined ? {} : { narrowedTo: context.narrowedTo }),
    via: "distribute_task",
  };
  parts.wishes.attach(inner, { how: toWish(wanted), onSubmitted: submitted.resolve });
  const answered = parts.call(tool, wanted.input, inner);
  // How the task ends is kept with the task.
  answered.catch(() => undefined);
  const first = await Promise.race([submitted.promise, answered]);
  return "view" in first ? dataResult(z.json().parse(toTaskSummary(first.view))) : first;
}

function findTool(
  { type, operation: wanted }: Wanted,
  { specs, source }: AgentToolParts,
  { narrowedTo }: ToolContext,
): string {
  const spec = specs.find((each) => each.type === type);
  const operation = spec?.operations.find(
    (each) => each.name === wanted || toolNameOf(spec, each) === wanted,
  );
  const known = specs.flatMap((each) => each.operations.map(({ name }) => `${each.type}.${name}`));
  if (spec === undefined || operation === undefined) {
    throw new UnknownOperationError(type, wanted, known);
  }
  const descriptor = describeOperation(spec, operation, source);
  if (narrowedTo?.(descriptor) === false) throw new UnknownOperationError(type, wanted, []);
  return descriptor.name;
}

function toWish({ priority, deadlineMs, idempotencyKey, project }: Wanted): TaskWish["how"] {
  return {
    priority,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(project === undefined ? {} : { project }),
  };
}
