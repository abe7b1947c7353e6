import type { JsonObject, JsonValue } from "op-core";
import { toOneLine, type CallEffect } from "op-tools";
import { objectManagerInterface } from "../../proxy/standard-interfaces.ts";
import { findOwner } from "../buses/service-owners.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { riskOf } from "../gate/class-risk.ts";
import type { Verdict } from "../gate/gate.ts";
import type { Asking } from "./decide.ts";
import { performCall, prepareCall, type MethodRequest, type PreparedCall } from "./method-call.ts";
import { asPropertyCall } from "./property-call.ts";
import {
  gravestOf,
  performReading,
  prepareReading,
  type PropertiesRequest,
} from "./read-properties.ts";
import { mayRead, withoutUnreadable } from "./withhold.ts";
import { performWriting, prepareWriting, type WriteRequest } from "./write-property.ts";

/** Something that was looked up, decoded and allowed, and that has not happened yet. */
export interface Action {
  readonly catalogue: BusCatalogue;
  /** The gravest, where it is about several properties. */
  readonly verdict: Verdict;
  /** Does it; what it answers is data of a service. */
  perform(signal: AbortSignal): Promise<JsonObject>;
}

/** Prepares a call, which may be one that reads or writes properties. */
export async function prepareAction(
  runtime: DBusRuntime,
  request: MethodRequest,
  asking: Asking,
): Promise<Action> {
  const property = asPropertyCall(request);
  if (property?.kind === "get") return await prepareGet(runtime, property.request, asking);
  if (property?.kind === "set") return await prepareSet(runtime, property.request, asking);
  const prepared = await prepareCall(runtime, request, asking);
  const { catalogue, verdict } = prepared;
  const perform = async (signal: AbortSignal): Promise<JsonObject> => {
    const answer = await performCall(runtime, prepared, signal);
    return isListOfObjects(request)
      ? readableObjects(runtime, answer, { prepared, asking })
      : answer;
  };
  return { catalogue, verdict, perform };
}

/** Prepares the reading of properties. */
export async function prepareGet(
  runtime: DBusRuntime,
  request: PropertiesRequest,
  asking: Asking,
): Promise<Action> {
  const reading = await prepareReading(runtime, request, asking);
  const { catalogue, verdicts, withheld } = reading;
  return {
    catalogue,
    verdict: gravestOf([...verdicts.values()]),
    perform: async (signal) => ({
      properties: await performReading(runtime, reading, signal),
      ...(Object.keys(withheld).length === 0 ? {} : { withheld }),
    }),
  };
}

/** Prepares the writing of a property. */
export async function prepareSet(
  runtime: DBusRuntime,
  request: WriteRequest,
  asking: Asking,
): Promise<Action> {
  const writing = await prepareWriting(runtime, request, asking);
  const { catalogue, verdict } = writing;
  const perform = async (signal: AbortSignal): Promise<JsonObject> => {
    await performWriting(runtime, writing, signal);
    return { set: true };
  };
  return { catalogue, verdict, perform };
}

/** What an action would do. A yes to it counts only for the connection that owns the service's name now. */
export async function effectOf(
  { times, expected }: DBusRuntime,
  { catalogue, verdict }: Action,
  { requestId, signal }: Pick<Asking, "requestId" | "signal">,
): Promise<CallEffect> {
  const { operation, classification, decision } = verdict;
  const bus = await catalogue.connection(signal);
  const timeoutMs = times.callTimeoutMs;
  const owner = await findOwner(bus, operation.service, { signal, timeoutMs });
  expected.note(requestId, operation.service, owner);
  return {
    risk: riskOf(classification.class),
    summary: `${summaryOf(verdict)} ${classification.reason}`,
    needsApproval: decision.needsApproval,
    subject: `${operation.bus} ${owner ?? "not running"}`,
  };
}

/** What a dry run answers: everything about the call but its outcome. */
export function previewOf({ verdict }: Action): JsonObject {
  const { operation, classification, decision } = verdict;
  const { needsPolkit } = classification;
  return {
    would: { ...operation, unitNames: [...(operation.unitNames ?? [])] },
    class: classification.class,
    reason: classification.reason,
    rule: decision.rule,
    needsApproval: decision.needsApproval,
    ...(needsPolkit === undefined ? {} : { needsPolkit }),
  };
}

const verbs: Readonly<Record<Verdict["operation"]["kind"], string>> = {
  call: "Calls",
  get: "Reads",
  set: "Sets",
  listen: "Listens to",
};

function summaryOf({ operation }: Verdict): string {
  const { kind, interface: interfaceName, member, path, bus, service } = operation;
  const args = Object.entries(operation.args).map(([name, value]) => `${name} = ${shown(value)}`);
  const values = args.length === 0 ? "" : ` with ${args.join(", ")}`;
  return `${verbs[kind]} ${interfaceName}.${member} at ${path} of ${service} on the ${bus} bus${values}.`;
}

function shown(value: JsonValue): string {
  return toOneLine(JSON.stringify(value), 200);
}

function isListOfObjects({ interface: interfaceName, member }: MethodRequest): boolean {
  return interfaceName === objectManagerInterface.name && member === "GetManagedObjects";
}

function readableObjects(
  runtime: DBusRuntime,
  answer: JsonObject,
  { prepared, asking }: { readonly prepared: PreparedCall; readonly asking: Asking },
): JsonObject {
  const { catalogue, verdict } = prepared;
  const { service } = verdict.operation;
  const entries = Object.entries(answer).map(([name, objects]): [string, JsonValue] => [
    name,
    withoutUnreadable(objects, (place) =>
      mayRead(runtime, asking.caller, { ...place, catalogue, service }),
    ),
  ]);
  return Object.fromEntries(entries);
}
