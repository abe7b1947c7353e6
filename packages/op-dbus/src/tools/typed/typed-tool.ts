import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { dataResult, type ObjectSchema, type Risk, type Tool, type ToolContext } from "op-tools";
import type { Classification } from "../../access/bus-operation.ts";
import { argumentKeys, jsonSchemaOfArguments } from "../../json/arguments.ts";
import { jsonSchemaOf } from "../../json/json-schema-of.ts";
import { parseType } from "../../signature/parse-signature.ts";
import {
  effectOf,
  prepareAction,
  prepareGet,
  prepareSet,
  previewOf,
  type Action,
} from "../calls/action.ts";
import { busResult } from "../calls/bus-result.ts";
import type { Asking } from "../calls/decide.ts";
import { argumentText, textOf } from "../catalogue/member-text.ts";
import { NotReadOnlyError } from "../dbus-tools-error.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { annotationsOf, riskOf } from "../gate/class-risk.ts";
import { askingOf } from "../calls/decide.ts";
import { nameOf } from "../gate/gate.ts";
import { classifyTyped } from "./classify-typed.ts";
import type { TypedMember } from "./typed-member.ts";

/** What a tool of its own is made of. */
export interface TypedToolOptions {
  readonly runtime: DBusRuntime;
  readonly source: string;
  readonly name: string;
  readonly member: TypedMember;
}

const pathKey = "object_path";
/** Some interfaces have hundreds of properties, which would make a list of tools unreadable. */
const mostNamed = 40;

/** Makes the tool of one member of the catalogue. Nothing is asked of any service before it is called. */
export function createTypedTool({ runtime, source, name, member }: TypedToolOptions): Tool {
  const classification = classifyTyped(member, runtime.gate);
  const risk = riskOf(classification.class);
  const canBeApproved = risk !== "read";
  const prepare = async (args: JsonObject, context: ToolContext): Promise<Action> => {
    const asking = askingOf(context, canBeApproved);
    const action = await prepareMember(runtime, { member, args, asking });
    return within(action, risk);
  };
  return {
    name,
    title: titleOf(member),
    description: descriptionOf(member, classification),
    inputSchema: inputSchemaOf(member),
    annotations: annotationsOf(classification),
    category: member.service.split(".").at(-1) ?? "dbus",
    tags: ["dbus", member.bus, member.service],
    source,
    risk,
    call: async (args, context) => {
      const action = await prepare(args, context);
      return busResult(await action.perform(context.signal), action.verdict.operation);
    },
    effectOf: async (args, context) => {
      return await effectOf(runtime, await prepare(args, context), context);
    },
    preview: async (args, context) => dataResult(previewOf(await prepare(args, context))),
  };
}

async function prepareMember(
  runtime: DBusRuntime,
  {
    member,
    args,
    asking,
  }: { readonly member: TypedMember; readonly args: JsonObject; readonly asking: Asking },
): Promise<Action> {
  const { bus, service, owner } = member;
  const { [pathKey]: path, ...rest } = args;
  const target = {
    bus,
    service,
    interface: owner.description.name,
    path: typeof path === "string" ? path : undefined,
  };
  if (member.kind === "call") {
    return await prepareAction(runtime, { ...target, member: member.name, args: rest }, asking);
  }
  if (member.kind === "set") {
    const value = rest["value"] ?? null;
    return await prepareSet(runtime, { ...target, property: member.name, value }, asking);
  }
  return await prepareGet(runtime, { ...target, names: textsIn(rest["names"]) }, asking);
}

/** A call that its object or its arguments make graver than its tool says belongs to the tool that says it may be. */
function within(action: Action, risk: Risk): Action {
  const { operation, classification } = action.verdict;
  const order: readonly Risk[] = ["read", "write", "destructive", "privileged"];
  const isGraver = order.indexOf(riskOf(classification.class)) > order.indexOf(risk);
  if (isGraver) throw new NotReadOnlyError(nameOf(operation), classification.reason);
  return action;
}

function titleOf({ kind, name, owner }: TypedMember): string {
  const last = owner.description.name.split(".").at(-1) ?? owner.description.name;
  if (kind === "get") return `Properties of ${last}`;
  return kind === "set" ? `Set ${name} of ${last}` : `${last}: ${name}`;
}

function descriptionOf(typed: TypedMember, { needsPolkit }: Classification): string {
  const { service, bus, owner, kind } = typed;
  const interfaceName = owner.description.name;
  const where = `${interfaceName} of ${service} on the ${bus} bus`;
  const polkit = needsPolkit === undefined ? "" : ` Needs the polkit action ${needsPolkit}.`;
  if (kind === "get") return `Reads properties of ${where}: all, or those that are named.`;
  const { member } = typed;
  const lead = kind === "set" ? `Sets the property ${member.description.name}. ` : "";
  return `${lead}${textOf(member)} (${where}.)${polkit}`;
}

function inputSchemaOf(typed: TypedMember): ObjectSchema {
  const own = ownSchemaOf(typed);
  const { properties, required } = own;
  const { all, pattern } = typed.owner.paths;
  if (typed.owner.origin === "live" && all.length === 1) return own;
  const examples = pattern ?? all.slice(0, 3).join(", ");
  const path = {
    type: "string",
    pattern: String.raw`^/$|^(/[A-Za-z0-9_]+)+$`,
    description: `Path of the object${examples === "" ? "" : `: ${examples}`}; dbus_objects lists them. May be left out while one object only has the interface.`,
  };
  return {
    ...own,
    properties: { ...properties, [pathKey]: path },
    required,
  };
}

type OwnSchema = ObjectSchema & {
  readonly properties: JsonObject;
  readonly required: readonly string[];
};

function ownSchemaOf(typed: TypedMember): OwnSchema {
  if (typed.kind === "get") return propertiesSchema(typed);
  if (typed.kind === "set") {
    const { type } = typed.member.description;
    return objectSchema({ value: jsonSchemaOf(parseType(type)) }, ["value"]);
  }
  const { inputs } = typed.member.description;
  const { properties = {} } = jsonSchemaOfArguments(inputs);
  const keys = argumentKeys(inputs);
  const described = keys.map((key, index): [string, JsonValue] => {
    const schema = isJsonObject(properties) ? (properties[key] ?? {}) : {};
    const argument = inputs[index];
    const text = argument === undefined ? undefined : argumentText(typed.member, argument);
    return [
      key,
      text === undefined || !isJsonObject(schema) ? schema : { ...schema, description: text },
    ];
  });
  return objectSchema(Object.fromEntries(described), keys);
}

function propertiesSchema({ owner }: TypedMember): OwnSchema {
  const names = owner.description.properties
    .filter(({ access }) => access !== "write")
    .map(({ name }) => name);
  const isFew = names.length <= mostNamed;
  const items = isFew ? { type: "string", enum: names } : { type: "string" };
  const description = isFew
    ? "Names of the properties; all unless told."
    : `Names of the properties, of which there are ${names.length}: dbus_describe lists them.`;
  return objectSchema({ names: { type: "array", items, description } }, []);
}

function objectSchema(properties: JsonObject, required: readonly string[]): OwnSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function textsIn(value: JsonValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}
