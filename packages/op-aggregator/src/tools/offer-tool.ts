import { isJsonObject, type JsonObject } from "op-core";
import type {
  Icon,
  ObjectSchema,
  Risk,
  ToolAnnotations,
  ToolDescriptor,
  WrittenForm,
} from "op-tools";
import { without } from "../upstreams/without.ts";
import type { UpstreamConfig } from "../upstreams/upstream-config.ts";
import type { RuledTool } from "./tool-rules.ts";

/** A tool of an upstream as it is offered here. */
export interface OfferedTool {
  /** What the upstream calls it. */
  readonly upstreamName: string;
  readonly descriptor: ToolDescriptor;
  /** Arguments that are added to every call. */
  readonly pin: JsonObject;
  /** What the upstream says it takes. */
  readonly inputSchema: JsonObject;
  /** Whether a call that was cut off may be made once more. */
  readonly isRepeatable: boolean;
}

function isObjectSchema(value: unknown): value is ObjectSchema {
  return isJsonObject(value) && value["type"] === "object";
}

function isIcons(value: unknown): value is readonly Icon[] {
  return (
    Array.isArray(value) &&
    value.every((icon: unknown) => isJsonObject(icon) && typeof icon["src"] === "string")
  );
}

/** Hints as they came; those that are not what they must be would mislead. */
function isAnnotations(value: unknown): value is ToolAnnotations & JsonObject {
  if (!isJsonObject(value)) return false;
  return Object.entries(value).every(
    ([key, hint]) => !key.endsWith("Hint") || typeof hint === "boolean",
  );
}

/** Nobody who calls sees what is always the same. */
function withoutPinned(schema: ObjectSchema, pin: JsonObject): ObjectSchema {
  const names = Object.keys(pin);
  const { properties, required } = schema;
  if (names.length === 0) return schema;
  return {
    ...schema,
    ...(isJsonObject(properties) ? { properties: without(properties, names) } : {}),
    ...(Array.isArray(required)
      ? { required: required.filter((name) => !names.includes(String(name))) }
      : {}),
  };
}

/** What is not said to be harmless is taken to destroy. */
function riskOf(hints: ToolAnnotations, isTrusted: boolean): Risk {
  if (!isTrusted) return "destructive";
  if (hints.readOnlyHint === true) return "read";
  return hints.destructiveHint === false ? "write" : "destructive";
}

/** A server's own word counts where its hints are trusted; what a rule says of the tool counts always. */
function isRepeatable(
  told: ToolAnnotations,
  { annotations, repeat }: RuledTool,
  isTrusted: boolean,
): boolean {
  const { readOnlyHint, idempotentHint } = isTrusted ? { ...told, ...annotations } : annotations;
  return repeat ?? (readOnlyHint === true || idempotentHint === true);
}

function nameOf(upstreamName: string, { rename }: RuledTool, { prefix }: UpstreamConfig): string {
  if (rename !== undefined) return rename;
  return prefix === undefined || prefix === "" ? upstreamName : `${prefix}_${upstreamName}`;
}

/** Makes what is offered of a tool, or says why it cannot be used. */
export function offerTool(
  raw: JsonObject,
  ruled: RuledTool,
  config: UpstreamConfig,
): OfferedTool | string {
  const { name, title, description, inputSchema, outputSchema, annotations, icons, _meta } = raw;
  if (typeof name !== "string" || name === "") return "it has no name";
  if (!isObjectSchema(inputSchema)) return "its inputSchema does not describe an object";
  if (outputSchema !== undefined && !isJsonObject(outputSchema))
    return "its outputSchema is no schema";
  const told = isAnnotations(annotations) ? annotations : {};
  const hints = { ...told, ...ruled.annotations };
  const isTrusted = config.trustAnnotations ?? true;
  const described = {
    ...(typeof title === "string" ? { title } : {}),
    description: ruled.description ?? (typeof description === "string" ? description : ""),
    inputSchema: withoutPinned(inputSchema, ruled.pin),
    ...(outputSchema === undefined ? {} : { outputSchema }),
    annotations: hints,
    ...(isIcons(icons) ? { icons } : {}),
    ...(isJsonObject(_meta) ? { _meta } : {}),
  };
  return {
    upstreamName: name,
    pin: ruled.pin,
    inputSchema,
    isRepeatable: isRepeatable(told, ruled, isTrusted),
    descriptor: {
      name: nameOf(name, ruled, config),
      ...described,
      category: config.category ?? "upstream",
      tags: [config.name],
      source: config.name,
      risk: ruled.risk ?? riskOf(hints, isTrusted),
      written: writtenFormOf(raw, described, ruled),
    },
  };
}

/** What rules add is shown too; what nobody said is not. */
function writtenFormOf(raw: JsonObject, described: object, ruled: RuledTool): WrittenForm {
  const added = [
    ...(ruled.description === undefined ? [] : ["description"]),
    ...(Object.keys(ruled.annotations).length === 0 ? [] : ["annotations"]),
  ];
  const fields = [...new Set([...Object.keys(raw), ...added])];
  const unread = Object.keys(raw).filter((field) => field !== "name" && !(field in described));
  const others = Object.fromEntries(unread.map((field) => [field, raw[field] ?? null]));
  return unread.length === 0 ? { fields } : { fields, others };
}
