import type { JsonObject } from "op-core";
import type { ToolAnnotations } from "op-tools";
import type { Risk } from "op-tools";
import type { ToolRule } from "../upstreams/upstream-config.ts";

/** What the rules say of one tool. */
export interface RuledTool {
  readonly isHidden: boolean;
  readonly rename: string | undefined;
  readonly description: string | undefined;
  readonly pin: JsonObject;
  readonly risk: Risk | undefined;
  readonly annotations: ToolAnnotations;
  readonly repeat: boolean | undefined;
}

function toPattern(match: string): RegExp {
  const parts = match.split("*").map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}

/** Makes a function that says what becomes of a tool. The first rule that says something of an aspect decides it. */
export function compileRules(rules: readonly ToolRule[]): (name: string) => RuledTool {
  const compiled = rules.map((rule) => ({ rule, pattern: toPattern(rule.match) }));
  return (name) => {
    const matching = compiled.filter(({ pattern }) => pattern.test(name)).map(({ rule }) => rule);
    const first = <Key extends keyof ToolRule>(key: Key): ToolRule[Key] | undefined =>
      matching.find((rule) => rule[key] !== undefined)?.[key];
    return {
      isHidden: first("hide") ?? false,
      rename: first("rename"),
      description: first("description"),
      pin: first("pin") ?? {},
      risk: first("risk"),
      annotations: first("annotations") ?? {},
      repeat: first("repeat"),
    };
  };
}
