import type { Clock } from "op-core";
import {
  breakCircuit,
  createJsonSchemaValidator,
  isMetaTool,
  limitResult,
  requireApproval,
  restrict,
  timeout,
  validateInput,
  validateOutput,
  type Middleware,
  type ResultStore,
  type ToolContext,
} from "op-tools";
import type { Worker } from "../agents/agent-tasks.ts";
import { agentsSourceName } from "../agents/lazy-agents.ts";
import { approveByCode } from "../access/approve-by-code.ts";
import type { Access } from "../access/open-access.ts";
import { authorize } from "../access/authorize.ts";
import { limitCalls } from "../access/limit-calls.ts";
import { auditApprovals } from "../audit/audit-approvals.ts";
import { auditCalls } from "../audit/audit-calls.ts";
import type { Audit } from "../audit/audit.ts";
import { createCallTrails } from "../audit/call-trail.ts";
import type { OpMcpConfig } from "../config/op-mcp-config.ts";
import { checkPins } from "../guards/check-pins.ts";
import { guardResults } from "../guards/guard-results.ts";
import type { ToolPins } from "../guards/tool-pins.ts";
import { logCalls } from "../logging/log-calls.ts";
import { traceCalls } from "../telemetry/trace-calls.ts";

/** What the middleware of the product is made of. */
export interface MiddlewareParts {
  readonly config: OpMcpConfig;
  readonly results: ResultStore;
  readonly access: Access;
  readonly audit: Audit;
  readonly pins: ToolPins;
  readonly queue: Middleware;
  readonly cache: Middleware;
  /** Whether what a call goes through is seen in its trace. */
  readonly isTraced: boolean;
  /** Who did what a call asked for, where that was an agent. */
  readonly workerOf: (context: ToolContext) => Worker;
  /** Whether a source is another MCP server. */
  readonly isUpstream: (source: string) => boolean;
  /** What depends on how the product is reached, such as what is measured for whoever asks. */
  readonly more: readonly Middleware[];
  readonly clock: Clock;
}

/** Where the middleware of the app stands among that of op-tools; see `defaultPriority` there. */
const priorities = {
  audit: { end: 10, begin: 110 },
  authorize: { tool: 30, call: 50 },
  pins: 55,
  limit: 70,
  guard: 130,
} as const;

/** Tools whose work takes its time, unless the configuration says how long. */
const longTools = { state_apply: 1_800_000, state_rollback: 1_800_000, state_recover: 1_800_000 };

/** The first name that fits counts. */
function withLongTools(configured: Readonly<Record<string, number>>): Record<string, number> {
  const rest = Object.entries(longTools).filter(([name]) => !Object.hasOwn(configured, name));
  return { ...configured, ...Object.fromEntries(rest) };
}

/** Sources whose tools change with op-mcp itself, or with this machine. */
function isTrusted(source: string): boolean {
  return (
    [agentsSourceName, "builtin", "dbus", "state"].includes(source) || source.startsWith("dbus-")
  );
}

/**
 * Everything a call goes through, outermost first. The audit log sees all of it. Who may never call a tool is refused
 * before the arguments are looked at; what the very call may do is decided when they are known to be valid, and before
 * anybody is asked to approve it. Approval comes before the limits, so that a question waiting for its answer holds no
 * place; a result is cut outside the cache, so that the cache keeps it whole; the deadline is inside the queue, so that
 * waiting does not use it up.
 *
 * A meta tool passes its call on to the real tool, which goes through all of this by itself: it is only checked for
 * its own arguments.
 */
export function createMiddleware(parts: MiddlewareParts): readonly Middleware[] {
  const { audit, access, pins, results, queue, cache, workerOf, isUpstream, clock } = parts;
  const { calls: config, audit: settings, guards, log } = parts.config;
  const { scopes, scopeRoles } = parts.config.auth.oauth;
  const validator = createJsonSchemaValidator();
  const trails = createCallTrails();
  const forRealTools: readonly Middleware[] = [
    ...authorize({
      policy: access.policy,
      scopes: [...new Set([...scopes, ...Object.keys(scopeRoles)])],
      trails,
      clock,
      priorities: priorities.authorize,
    }),
    checkPins({
      mode: guards.changedTools,
      pins,
      // Another server's tools are pinned where they come in.
      isTrusted: (source) => isTrusted(source) || isUpstream(source),
      priority: priorities.pins,
    }),
    requireApproval({
      clock,
      effectOf: ({ context }) => trails.of(context)?.effect,
      demandOf: ({ context }) => {
        const decision = trails.of(context)?.decision;
        return decision?.verdict === "ask" ? decision : undefined;
      },
      isApprovedElsewhere: approveByCode({ codes: access.codes, clock }),
      onAnswer: auditApprovals(audit),
    }),
    limitCalls({ limiter: access.limiter, trails, priority: priorities.limit }),
    queue,
    limitResult({ ...config.result, store: results }),
    guardResults({ mode: guards.hiddenInstructions, priority: priorities.guard }),
    cache,
    // A task of an agent is under a deadline of its own, waiting for a free agent included; and so is a request to
    // another server, which counts from its last sign of life.
    restrict(
      timeout({ ...config.timeout, perTool: withLongTools(config.timeout.perTool), clock }),
      ({ source }) => source !== agentsSourceName && !isUpstream(source),
    ),
    breakCircuit({ ...config.breaker, clock }),
    validateOutput({ validator }),
  ];
  const all = [
    ...parts.more,
    // A line for each call costs a microsecond, which only those pay who want to see it.
    ...(log.level === "debug" ? [logCalls()] : []),
    ...auditCalls({ audit, settings, trails, workerOf, clock, priorities: priorities.audit }),
    validateInput({ validator }),
    ...forRealTools.map((middleware) => restrict(middleware, (tool) => !isMetaTool(tool))),
  ];
  return parts.isTraced ? traceCalls(all) : all;
}
