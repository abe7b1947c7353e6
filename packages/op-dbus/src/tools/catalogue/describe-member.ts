import type { JsonObject } from "op-core";
import type { Caller } from "../../access/access-decision.ts";
import { signatureOf, type ArgumentDescription } from "../../introspection/description.ts";
import { argumentKeys } from "../../json/arguments.ts";
import { jsonSchemaOf } from "../../json/json-schema-of.ts";
import { parseType } from "../../signature/parse-signature.ts";
import { riskOf } from "../gate/class-risk.ts";
import type { Gate } from "../gate/gate.ts";
import {
  argumentsOf,
  isDeprecated,
  memberId,
  membersOfInterface,
  passesUnixFd,
  type CatalogueMember,
} from "./catalogue-member.ts";
import { classifyMember, classifyWriting, judgeMember } from "./classify-member.ts";
import { describeInterface, describeService, textOfAnnotations } from "../../descriptions/index.ts";
import { argumentText, lineOf, textOf } from "./member-text.ts";
import type { InterfaceEntry, ServiceEntry } from "./service-entry.ts";

const shownPaths = 10;

/** A service as people and models read it. */
export function describeServiceOf({ bus, name, interfaces, gapCount }: ServiceEntry): JsonObject {
  const text = describeService(name)?.text;
  return {
    bus,
    service: name,
    ...(text === undefined ? {} : { text }),
    interfaces: Array.from(interfaces.values(), (entry) => {
      const { methods, properties, signals } = entry.description;
      return {
        interface: entry.description.name,
        ...textOfInterface(name, entry),
        methods: methods.length,
        properties: properties.length,
        signals: signals.length,
        ...pathsOf(entry),
      };
    }),
    ...(gapCount > 0 ? { objectsThatDidNotAnswer: gapCount } : {}),
  };
}

/** An interface with a line for each of its members. */
export function describeInterfaceOf(
  place: Pick<ServiceEntry, "bus" | "name">,
  entry: InterfaceEntry,
  gate: Gate,
): JsonObject {
  const members = membersOfInterface(place, entry).filter((member) => !isDeprecated(member));
  const lines = (kind: CatalogueMember["kind"]): JsonObject =>
    Object.fromEntries(
      members
        .filter((member) => member.kind === kind)
        .map((member) => [nameOf(member), lineFor(member, gate)]),
    );
  return {
    bus: place.bus,
    service: place.name,
    interface: entry.description.name,
    ...textOfInterface(place.name, entry),
    ...pathsOf(entry),
    methods: lines("method"),
    properties: lines("property"),
    signals: lines("signal"),
  };
}

/** A member in full: what it takes and gives, what it may do, and whether a caller may. */
export function describeOneMember(member: CatalogueMember, gate: Gate, caller: Caller): JsonObject {
  const { decision, classification } = judgeMember(member, gate, caller);
  const { needsPolkit } = classification;
  return {
    id: memberId(member),
    kind: member.kind,
    text: textOf(member),
    ...formOf(member),
    ...pathsOf(member.owner),
    class: decision.class,
    risk: riskOf(decision.class),
    reason: classification.reason,
    allowed: decision.verdict === "allow",
    ...(decision.verdict === "deny" && { whyNot: decision.reason }),
    ...(decision.howToAllow !== undefined && { howToAllow: decision.howToAllow }),
    ...(decision.needsApproval && { needsApproval: true }),
    ...(needsPolkit !== undefined && { needsPolkit }),
    ...(isDeprecated(member) && { deprecated: true }),
    ...(passesUnixFd(member) && {
      unusable: "It passes file descriptors, which cannot travel over this connection.",
    }),
    ...writing(member, gate),
  };
}

function writing(member: CatalogueMember, gate: Gate): JsonObject {
  if (member.kind !== "property" || member.description.access === "read") return {};
  const { class: accessClass, needsPolkit } = classifyWriting(member, gate);
  return { writing: { class: accessClass, ...(needsPolkit === undefined ? {} : { needsPolkit }) } };
}

function formOf(member: CatalogueMember): JsonObject {
  if (member.kind === "method") {
    const { inputs, outputs } = member.description;
    return { in: schemaOf(member, inputs), out: schemaOf(member, outputs) };
  }
  if (member.kind === "signal") return { arguments: schemaOf(member, argumentsOf(member)) };
  const { type, access } = member.description;
  return { signature: type, access, value: schemaOfType(type) };
}

/** One schema for each argument, with its signature: what does not fit is refused before anything is sent. */
function schemaOf(member: CatalogueMember, args: readonly ArgumentDescription[]): JsonObject {
  const keys = argumentKeys(args);
  const entries = args.map((argument, index) => {
    const text = argumentText(member, argument);
    const schema = schemaOfType(argument.type);
    const described = text === undefined ? schema : { ...schema, description: text };
    return [keys[index] ?? "", { signature: argument.type, ...described }] as const;
  });
  return Object.fromEntries(entries);
}

function schemaOfType(type: string): JsonObject {
  const parsed = parseType(type);
  return parsed.hasUnixFd ? {} : jsonSchemaOf(parsed);
}

function lineFor(member: CatalogueMember, gate: Gate): string {
  const accessClass = classifyMember(member, gate).class;
  return `${signatureText(member)} [${accessClass}] ${lineOf(member, 120)}`;
}

function signatureText(member: CatalogueMember): string {
  if (member.kind === "method") {
    const { inputs, outputs } = member.description;
    const named = argumentKeys(inputs).map((key, index) => `${key}: ${inputs[index]?.type ?? ""}`);
    return `(${named.join(", ")}) → ${signatureOf(outputs) || "nothing"}`;
  }
  if (member.kind === "signal") return `(${signatureOf(member.description.arguments)})`;
  return `${member.description.type}, ${member.description.access}`;
}

function nameOf({ description }: CatalogueMember): string {
  return description.name;
}

function textOfInterface(service: string, { description }: InterfaceEntry): JsonObject {
  const text = describeInterface(service, description.name)?.text ?? textOfAnnotations(description);
  return text === undefined ? {} : { text };
}

function pathsOf({ paths, origin }: InterfaceEntry): JsonObject {
  const { all, pattern } = paths;
  return {
    ...(origin === "live" ? {} : { knownFrom: origin }),
    ...(pattern === undefined ? {} : { paths: pattern }),
    objects: all.length,
    ...(all.length === 0
      ? {}
      : { examples: all.slice(0, all.length <= shownPaths ? shownPaths : 3) }),
  };
}
