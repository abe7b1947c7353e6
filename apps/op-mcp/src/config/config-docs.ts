import { isJsonObject, type JsonObject } from "op-core";
import { configJsonSchema } from "./config-json-schema.ts";
import { valueAt } from "./config-layer.ts";
import {
  configLeaves,
  type ConfigLeaf,
  type ConfigSection,
  configSections,
} from "./config-leaf.ts";
import { aliasesOf } from "./environment-aliases.ts";
import { configFileVariable, environmentName } from "./environment-names.ts";

const typeNames: ReadonlyMap<unknown, string> = new Map([
  ["integer", "whole number"],
  ["number", "number"],
  ["boolean", "true or false"],
  ["object", "object"],
]);

const introduction = `# Configuration

This file is generated from the schemas. \`op-mcp config show --origin\` prints what is in force and where it comes from.

Layers, from the weakest to the strongest:

1. what is built in
2. \`/etc/op-mcp/config.json\`
3. \`$XDG_CONFIG_HOME/op-mcp/config.json\` (usually \`~/.config/op-mcp/config.json\`)
4. \`.op-mcp/config.json\` or \`.op-mcp.json\` in the working directory. A project may come from a stranger: its file sets
   only \`disclosure\`, \`tools\`, \`log.level\` and \`log.format\`
5. environment variables
6. flags: \`--set KEY=VALUE\`, repeated

Files may be JSON (comments and trailing commas are fine), YAML (\`.yaml\`, \`.yml\`) or TOML (\`.toml\`), one in each place.
\`--config FILE\`, or \`${configFileVariable}\`, replaces all of them. Objects merge key by key; everything else, lists included,
replaces. Unknown keys are refused.

In a variable or a flag, a list is separated by commas or is a JSON list, and an object is JSON. An empty variable counts as
not set. A key that is *live* takes effect when a file is saved; the others at the next start.
`;

/** The reference of every key, as Markdown: the content of `docs/configuration.md`. */
export function renderConfigDocs(): string {
  return [introduction, ...configSections().map(renderSection)].join("\n");
}

/** The reference of every key, as data for programs. */
export function configReference(): readonly JsonObject[] {
  return configLeaves().map((leaf) => ({
    key: leaf.path,
    type: describeType(leaf.schema),
    default: leaf.default,
    environment: environmentOf(leaf),
    description: descriptionAt(leaf.keys),
    isLive: leaf.isLive,
    isSecret: leaf.isSecret,
  }));
}

/** The type of a leaf in words, for people. */
function describeType(schema: JsonObject): string {
  const choices = schema["enum"] ?? schema["anyOf"];
  if (Array.isArray(choices)) return choices.map(describeChoice).join(" or ");
  if ("const" in schema) return code(schema["const"]);
  const { type, items } = schema;
  if (type === "array") return `list of ${isJsonObject(items) ? describeType(items) : "values"}`;
  const name = typeNames.get(type) ?? "text";
  return `${name}${describeRange(schema)}`;
}

/** What the schema says to people of a leaf or a section. */
export function descriptionAt(keys: readonly string[]): string {
  const path = keys.flatMap((key) => ["properties", key]);
  const description = valueAt(configJsonSchema, [...path, "description"]);
  return typeof description === "string" ? description : "";
}

function renderSection({ name, leaves }: ConfigSection): string {
  const rows = leaves.map(renderRow);
  const head = "| key | type | default | environment | meaning |\n| --- | --- | --- | --- | --- |";
  return `## ${name}\n\n${descriptionAt([name])}\n\n${head}\n${rows.join("\n")}\n`;
}

function renderRow(leaf: ConfigLeaf): string {
  const remarks = [leaf.isLive ? "Live." : "", leaf.isSecret ? "Secret." : ""];
  const cells = [
    code(leaf.path, "plain"),
    describeType(leaf.schema),
    code(leaf.default),
    environmentOf(leaf)
      .map((name) => code(name, "plain"))
      .join(", "),
    [descriptionAt(leaf.keys), ...remarks].filter(Boolean).join(" "),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
}

function environmentOf(leaf: ConfigLeaf): readonly string[] {
  return [environmentName(leaf), ...aliasesOf(leaf.path)];
}

function describeChoice(choice: unknown): string {
  return isJsonObject(choice) ? describeType(choice) : code(choice);
}

function describeRange(schema: JsonObject): string {
  const { minimum, exclusiveMinimum, maximum } = schema;
  const isBounded = typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER;
  if (typeof minimum === "number" && isBounded) return ` from ${minimum} to ${maximum}`;
  if (typeof minimum === "number") return `, at least ${minimum}`;
  if (typeof exclusiveMinimum === "number")
    return `, more than ${exclusiveMinimum}${isBounded ? `, at most ${maximum}` : ""}`;
  return isBounded ? `, at most ${maximum}` : "";
}

function code(value: unknown, form: "json" | "plain" = "json"): string {
  return `\`${form === "plain" ? String(value) : JSON.stringify(value)}\``;
}
