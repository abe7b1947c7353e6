import type { Clock } from "op-core";
import {
  type CallEffect,
  type Middleware,
  type ToolCall,
  type ToolDescriptor,
  type ToolResult,
} from "op-tools";
import type { CallTrails } from "../audit/call-trail.ts";
import { PolicyDeniedError } from "../policy/policy-error.ts";
import type { ListedTool, Policy, PolicyRequest } from "../policy/policy.ts";
import { findMissingScopes } from "./missing-scopes.ts";
import { PreviewUnavailableError } from "./access-error.ts";

/** What authorizing calls takes. */
export interface AuthorizeOptions {
  /** The policy that is in force now. */
  readonly policy: () => Policy;
  /** Scopes there are, of which a token may have too few. */
  readonly scopes: readonly string[];
  readonly trails: CallTrails;
  readonly clock: Clock;
  /** Where the two halves stand: before the arguments are looked at, and after they were found to be valid. */
  readonly priorities: { readonly tool: number; readonly call: number };
}

/**
 * Asks the policy about each call. What only reads is decided at once, and a tool that the caller may never call is
 * refused before its arguments are looked at; all else is decided by what the very call would do.
 */
export function authorize(options: AuthorizeOptions): readonly Middleware[] {
  const { policy, priorities } = options;
  return [
    {
      name: "authorize-tool",
      priority: priorities.tool,
      before: (call) => {
        const { tool, context } = call;
        const isOpen =
          tool.risk !== "read" && policy().mayEverCall(context.principal, leastOf(tool));
        return isOpen ? undefined : decide(call, plainEffect(call), options);
      },
    },
    {
      name: "authorize",
      priority: priorities.call,
      appliesTo: ({ risk }) => risk !== "read",
      before: (call) => decideByEffect(call, options),
    },
  ];
}

/** A tool as the policy is asked about it apart from any call: a call to a dangerous one may be harmless. */
export function leastOf({ name, source, category, tags, risk }: ToolDescriptor): ListedTool {
  const leastRisk = risk === "read" ? risk : "write";
  return { name, source, category, tags, risk, leastRisk };
}

function plainEffect({ tool }: ToolCall): CallEffect {
  return { risk: tool.risk, summary: tool.title ?? tool.name };
}

async function decideByEffect(
  call: ToolCall,
  options: AuthorizeOptions,
): Promise<ToolResult | undefined> {
  const effect = (await call.inspector?.effectOf(call)) ?? plainEffect(call);
  return await decide(call, effect, options);
}

function decide(
  call: ToolCall,
  effect: CallEffect,
  { policy, scopes, trails, clock }: AuthorizeOptions,
): Promise<ToolResult> | undefined {
  const request = toRequest(call, effect, clock.now());
  const decision = policy().decide(request);
  const trail = trails.of(call.context);
  if (trail !== undefined) {
    trail.effect = effect;
    trail.decision = decision;
  }
  if (decision.verdict === "deny") {
    const missing = findMissingScopes(policy(), request, scopes);
    throw new PolicyDeniedError(request, decision, missing);
  }
  return decision.verdict === "dry-run" ? preview(call) : undefined;
}

function toRequest(
  { tool, args, context }: ToolCall,
  effect: CallEffect,
  atMs: number,
): PolicyRequest {
  const { principal, client } = context;
  const { risk, needsApproval = false } = effect;
  return {
    principal,
    ...(client === undefined ? {} : { client: client.name }),
    tool: tool.name,
    source: tool.source,
    category: tool.category,
    tags: tool.tags,
    risk,
    needsApproval,
    args,
    atMs,
  };
}

async function preview(call: ToolCall): Promise<ToolResult> {
  const result = await call.inspector?.preview(call);
  if (result === undefined) throw new PreviewUnavailableError(call.tool.name);
  const note = {
    type: "text",
    text: "Dry run: the policy let this call only show what it would do.",
  } as const;
  return { ...result, content: [note, ...result.content] };
}
