import type { PolicyExample } from "./policy-table.ts";
import { toInline } from "./policy-text.ts";
import type { ListedTool, Policy, PolicyDecision, PolicyRequest } from "./policy.ts";

/** What running examples takes. */
export interface PolicyTestOptions {
  /** The moment of examples that name none. */
  readonly atMs: number;
  /** What is known of tools, for examples that do not say it themselves. */
  readonly tools?: readonly ListedTool[];
}

/** What came of one example. */
export interface PolicyTestResult {
  readonly isOk: boolean;
  readonly example: PolicyExample;
  readonly request: PolicyRequest;
  readonly decision: PolicyDecision;
  /** One line for people. */
  readonly text: string;
}

/** Decides every example of a table, and says which of them came out otherwise than expected. */
export function runPolicyTests(
  policy: Policy,
  table: readonly PolicyExample[],
  options: PolicyTestOptions,
): readonly PolicyTestResult[] {
  const known = new Map(options.tools?.map((tool) => [tool.name, tool]));
  return table.map((example) => {
    const request = toRequest(example, known.get(example.tool), options.atMs);
    const decision = policy.decide(request);
    const isOk =
      decision.verdict === example.expect &&
      (example.rule === undefined || decision.rule === example.rule);
    return { isOk, example, request, decision, text: render(example, decision, isOk) };
  });
}

function toRequest(
  example: PolicyExample,
  tool: ListedTool | undefined,
  atMs: number,
): PolicyRequest {
  const { as, client, needsApproval, canPreview, args, at } = example;
  return {
    principal: as,
    ...(client === undefined ? {} : { client }),
    tool: example.tool,
    source: example.source ?? tool?.source ?? "",
    category: example.category ?? tool?.category ?? "",
    tags: tool?.tags ?? [],
    risk: example.risk ?? tool?.risk ?? "destructive",
    needsApproval,
    canPreview,
    args,
    atMs: at === undefined ? atMs : Date.parse(at),
  };
}

function render(
  { as, tool, expect, rule }: PolicyExample,
  decision: PolicyDecision,
  isOk: boolean,
) {
  const call = `${toInline(as.id)} calls ${toInline(tool)}`;
  const is = `${decision.verdict} by ${toInline(decision.rule)}`;
  if (isOk) return `ok: ${call}: ${is}`;
  const wanted = rule === undefined ? expect : `${expect} by ${toInline(rule)}`;
  return `not ok: ${call}: expected ${wanted}, but it is ${is}. ${decision.reason}`;
}
