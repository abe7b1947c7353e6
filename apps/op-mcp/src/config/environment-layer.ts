import type { JsonObject, JsonValue } from "op-core";
import { didYouMean } from "../text/nearest.ts";
import { type ConfigProblem, withAdvice } from "./config-error.ts";
import { type ConfigLayer, withValueAt } from "./config-layer.ts";
import { configLeaves, findLeaf, type ConfigLeaf } from "./config-leaf.ts";
import { environmentAliases, type EnvironmentAlias } from "./environment-aliases.ts";
import {
  configFileVariable,
  environmentName,
  environmentPrefix,
  leafOfVariable,
} from "./environment-names.ts";
import type { Environment } from "./environment.ts";
import { parseLeafValue } from "./parse-leaf-value.ts";

/** What the environment says. */
export interface EnvironmentLayer {
  readonly layer: ConfigLayer;
  readonly problems: readonly ConfigProblem[];
}

interface Found {
  readonly name: string;
  readonly path: string;
  readonly keys: readonly string[];
  readonly value: JsonValue;
}

/**
 * Reads `OP_MCP_*` and the aliases of the earlier systems; a computed name beats an alias. An empty variable counts as
 * not set. Unknown `OP_MCP_*` are problems.
 */
export function readEnvironment(env: Environment): EnvironmentLayer {
  const found: Found[] = [];
  const problems: ConfigProblem[] = [];
  for (const [name, alias] of environmentAliases) {
    const text = env[name] ?? "";
    if (text !== "") collect(readAlias(name, alias, text), found, problems);
  }
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(environmentPrefix) || name === configFileVariable) continue;
    if (text !== undefined && text !== "") collect(readComputed(name, text), found, problems);
  }
  return { layer: toLayer(found), problems };
}

type Read =
  | { readonly kind: "found"; readonly found: Found }
  | { readonly kind: "problem"; readonly problem: ConfigProblem }
  | { readonly kind: "nothing" };

function collect(read: Read, found: Found[], problems: ConfigProblem[]): void {
  if (read.kind === "found") found.push(read.found);
  if (read.kind === "problem") problems.push(read.problem);
}

function readComputed(name: string, text: string): Read {
  const leaf = leafOfVariable(name);
  if (leaf !== undefined) return readLeaf(name, leaf, leaf.schema, text);
  const advice = didYouMean(name, [...configLeaves().map(environmentName), configFileVariable]);
  const problem = withAdvice({ where: name, message: "is not a known variable" }, advice);
  return { kind: "problem", problem };
}

function readAlias(name: string, alias: EnvironmentAlias, text: string): Read {
  const leaf = findLeaf(alias.path);
  if (leaf === undefined) return { kind: "nothing" };
  const schema = alias.type === undefined ? leaf.schema : { type: alias.type };
  const read = readLeaf(name, leaf, schema, text);
  if (read.kind !== "found" || alias.convert === undefined) return read;
  const value = alias.convert(read.found.value);
  return value === undefined
    ? { kind: "nothing" }
    : { kind: "found", found: { ...read.found, value } };
}

function readLeaf(name: string, leaf: ConfigLeaf, schema: JsonObject, text: string): Read {
  const parsed = parseLeafValue(schema, text);
  const { path, keys } = leaf;
  return parsed.isOk
    ? { kind: "found", found: { name, path, keys, value: parsed.value } }
    : { kind: "problem", problem: { where: name, path, message: parsed.message } };
}

function toLayer(found: readonly Found[]): ConfigLayer {
  return {
    values: found.reduce<JsonObject>(
      (values, { keys, value }) => withValueAt(values, keys, value),
      {},
    ),
    originOf: (keys) => {
      const path = keys.join(".");
      const said = found.findLast((item) => path === item.path || path.startsWith(`${item.path}.`));
      return { layer: "environment", where: said?.name ?? "the environment" };
    },
  };
}
