import type { Clock } from "op-core";
import {
  breakCircuit,
  cacheResult,
  createJsonSchemaValidator,
  isMetaTool,
  limitConcurrency,
  limitRate,
  limitResult,
  requireApproval,
  restrict,
  timeout,
  validateInput,
  validateOutput,
  type Middleware,
  type ResultStore,
} from "op-tools";
import { approveByCode } from "../access/approve-by-code.ts";
import type { Access } from "../access/open-access.ts";
import { authorize } from "../access/authorize.ts";
import { limitCalls } from "../access/limit-calls.ts";
import { auditApprovals } from "../audit/audit-approvals.ts";
import { auditCalls } from "../audit/audit-calls.ts";
import type { Audit } from "../audit/audit.ts";
import type { AuditSettings } from "../audit/audit-settings.ts";
import { createCallTrails } from "../audit/call-trail.ts";
import type { CallsConfig } from "../config/calls-config.ts";
import { logCalls } from "../logging/log-calls.ts";

/** What the middleware of the product is made of. */
export interface MiddlewareParts {
  readonly config: CallsConfig;
  readonly results: ResultStore;
  readonly access: Access;
  readonly audit: Audit;
  readonly auditSettings: AuditSettings;
  /** Whether each call is a line of the log; a microsecond that only those pay who want to see it. */
  readonly logsCalls: boolean;
  readonly clock: Clock;
}

/** Where the middleware of the app stands among that of op-tools; see `defaultPriority` there. */
const priorities = {
  audit: { end: 10, begin: 110 },
  authorize: { tool: 30, call: 50 },
  limit: 70,
} as const;

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
  const { config, audit, auditSettings, access, results, logsCalls, clock } = parts;
  const validator = createJsonSchemaValidator();
  const trails = createCallTrails();
  const forRealTools: readonly Middleware[] = [
    ...authorize({ policy: access.policy, trails, clock, priorities: priorities.authorize }),
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
    limitRate({ ...config.rate, clock }),
    limitConcurrency(config.concurrency),
    limitResult({ ...config.result, store: results }),
    cacheResult({ ...config.cache, clock }),
    timeout({ ...config.timeout, clock }),
    breakCircuit({ ...config.breaker, clock }),
    validateOutput({ validator }),
  ];
  return [
    ...(logsCalls ? [logCalls()] : []),
    ...auditCalls({ audit, settings: auditSettings, trails, clock, priorities: priorities.audit }),
    validateInput({ validator }),
    ...forRealTools.map((middleware) => restrict(middleware, (tool) => !isMetaTool(tool))),
  ];
}
