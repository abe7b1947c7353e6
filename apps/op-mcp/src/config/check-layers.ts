import type { JsonObject } from "op-core";
import { ConfigInvalidError, type ConfigProblem } from "./config-error.ts";
import type { ConfigLayer } from "./config-layer.ts";
import { describeIssue } from "./describe-issue.ts";
import { OpMcpConfig } from "./op-mcp-config.ts";

/** What is wrong in each layer by itself: a wrong value is told also where a stronger layer hides it. */
export function problemsOf(layers: readonly ConfigLayer[]): readonly ConfigProblem[] {
  return layers.flatMap(({ values, originOf }) => {
    const parsed = OpMcpConfig.safeParse(values);
    if (parsed.success) return [];
    return parsed.error.issues.flatMap((issue) => describeIssue(issue, originOf));
  });
}

/** What all layers say together, parsed and complete; `ERR_CONFIG_INVALID` where it does not fit. */
export function parseMerged({
  values,
  originOf,
}: Pick<ConfigLayer, "values" | "originOf">): OpMcpConfig {
  const parsed = OpMcpConfig.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new ConfigInvalidError(
    parsed.error.issues.flatMap((issue) => describeIssue(issue, originOf)),
  );
}

/** Fills in what a configuration that is known to fit leaves out. */
export function completeConfig(values: JsonObject): OpMcpConfig {
  return OpMcpConfig.parse(values);
}
