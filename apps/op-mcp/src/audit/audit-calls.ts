import type { Clock, JsonObject } from "op-core";
import type { AuditDraft } from "op-audit";
import {
  CallSuspendedError,
  type Middleware,
  type Outcome,
  type ToolCall,
  type ToolContext,
} from "op-tools";
import type { Worker } from "../agents/agent-tasks.ts";
import type { Audit, WhenUnavailable } from "./audit.ts";
import type { AuditSettings } from "./audit-settings.ts";
import type { CallTrail, CallTrails } from "./call-trail.ts";
import { outcomeOf } from "./outcome-of.ts";

/** What auditing calls takes. */
export interface AuditCallsOptions {
  readonly audit: Audit;
  readonly settings: Pick<AuditSettings, "waitFor" | "whenUnavailable">;
  readonly trails: CallTrails;
  /** Who did what a call asked for, where that was an agent. */
  readonly workerOf?: (context: ToolContext) => Worker;
  readonly clock: Clock;
  /** Where the two halves stand: around everything, and just before the tool may change something. */
  readonly priorities: { readonly end: number; readonly begin: number };
}

/** Tools that pass their call on to another one, whose entry then says all of it. */
const passingOn: ReadonlySet<string> = new Set(["call_tool", "call_tool_readonly"]);

/** Tools that make several calls, each with an entry of its own, which knows what is secret in its arguments. */
const batching: ReadonlySet<string> = new Set(["call_many", "call_many_readonly"]);

function argumentsOf({ tool, args }: ToolCall): JsonObject {
  if (!batching.has(tool.name)) return args;
  const { calls } = args;
  return { calls: Array.isArray(calls) ? calls.length : 0 };
}

function changes({ tool }: ToolCall): boolean {
  return tool.risk !== "read";
}

/**
 * Two halves: one writes that a call which may change something begins, before it does; the other writes how each call
 * ended. What a call that may change something did is on the disk before its caller hears of it.
 */
export function auditCalls(options: AuditCallsOptions): readonly Middleware[] {
  const recorder = new CallRecorder(options);
  return [
    {
      name: "audit",
      priority: options.priorities.end,
      around: (call, next) => recorder.around(call, () => next(call)),
    },
    {
      name: "audit-begin",
      priority: options.priorities.begin,
      appliesTo: ({ risk }) => risk !== "read",
      before: async (call) => {
        await recorder.begin(call);
        return undefined;
      },
    },
  ];
}

class CallRecorder {
  readonly #options: AuditCallsOptions;
  /** Requests whose call was passed on to a tool that has an entry of its own. */
  readonly #passedOn = new Set<string>();

  constructor(options: AuditCallsOptions) {
    this.#options = options;
  }

  async around<Result extends Extract<Outcome, { kind: "answered" }>["result"]>(
    call: ToolCall,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const { clock, trails } = this.#options;
    const { context } = call;
    if (context.via !== undefined && passingOn.has(context.via))
      this.#passedOn.add(context.requestId);
    const trail = trails.begin(context);
    const beganAt = clock.monotonic();
    const durationMs = (): number => Math.round((clock.monotonic() - beganAt) * 1000) / 1000;
    try {
      const result = await run();
      await this.#end(call, trail, { kind: "answered", result }, durationMs());
      return result;
    } catch (error) {
      await this.#end(call, trail, { kind: "failed", error }, durationMs());
      throw error;
    }
  }

  async begin(call: ToolCall): Promise<void> {
    const trail = this.#options.trails.of(call.context);
    const draft = { kind: "call-began", ...describeCall(call, trail) } as const;
    await this.#record(draft, call, this.#whenUnavailable(call));
  }

  async #end(
    call: ToolCall,
    trail: CallTrail,
    outcome: Outcome,
    durationMs: number,
  ): Promise<void> {
    const { context, tool } = call;
    const isPassedOn = context.via === undefined && this.#passedOn.delete(context.requestId);
    if (isPassedOn && passingOn.has(tool.name)) return;
    if (outcome.kind === "failed" && outcome.error instanceof CallSuspendedError) {
      const details = { tool: tool.name, question: outcome.error.data["question"] };
      await this.#record(
        { kind: "event", event: "approval-asked", ...whoOf(call), details },
        call,
        "continue",
      );
      return;
    }
    const draft: AuditDraft = {
      kind: "call-ended",
      ...describeCall(call, trail),
      ...this.#options.workerOf?.(context),
      ...outcomeOf(outcome, context.signal),
      durationMs,
      ...(outcome.kind === "answered" ? { result: outcome.result } : {}),
    };
    // What was done is done: an entry that cannot be written is no reason to hide the outcome.
    await this.#record(draft, call, changes(call) ? "continue" : this.#whenUnavailable(call));
  }

  async #record(
    draft: AuditDraft,
    call: ToolCall,
    whenUnavailable: WhenUnavailable,
  ): Promise<void> {
    const { audit, settings } = this.#options;
    const waits =
      settings.waitFor === "everything" || (settings.waitFor === "changes" && changes(call));
    if (waits) await audit.write(draft, whenUnavailable);
    else audit.note(draft, whenUnavailable);
  }

  #whenUnavailable(call: ToolCall): WhenUnavailable {
    const { whenUnavailable } = this.#options.settings;
    if (whenUnavailable === "refuse-changes") return changes(call) ? "refuse" : "continue";
    return whenUnavailable;
  }
}

function whoOf({ context }: ToolCall) {
  const { principal, client, sessionId, requestId, meta, span } = context;
  const traceId = span?.traceId ?? traceIdOf(meta["traceparent"]);
  return {
    principal: principal.id,
    ...(client === undefined ? {} : { client: { name: client.name, version: client.version } }),
    sessionId,
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function describeCall(call: ToolCall, trail: CallTrail | undefined) {
  const { tool, context } = call;
  const { decision, effect } = trail ?? {};
  return {
    ...whoOf(call),
    tool: tool.name,
    ...(context.via === undefined ? {} : { via: context.via }),
    source: tool.source,
    risk: effect?.risk ?? tool.risk,
    arguments: argumentsOf(call),
    inputSchema: tool.inputSchema,
    ...(decision === undefined
      ? {}
      : {
          decision: { verdict: decision.verdict, rule: decision.rule, reason: decision.reason },
        }),
  };
}

/** The trace's id in a W3C `traceparent`. */
function traceIdOf(traceparent: unknown): string | undefined {
  if (typeof traceparent !== "string") return undefined;
  return /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-/.exec(traceparent)?.[1];
}
