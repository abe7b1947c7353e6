import type { JsonValue } from "op-core";
import type { BusOperation } from "../../access/bus-operation.ts";
import { fromJson } from "../../json/from-json.ts";
import { toJson } from "../../json/to-json.ts";
import { propertiesInterface } from "../../proxy/standard-interfaces.ts";
import { parseType } from "../../signature/parse-signature.ts";
import { Variant } from "../../wire/value.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import { catalogueOf, type DBusRuntime } from "../dbus-runtime.ts";
import type { Verdict } from "../gate/gate.ts";
import { decide, type Asking, type CallOrigin } from "./decide.ts";
import { findInterface, findPath } from "./find-interface.ts";
import { memberNamed } from "./named-member.ts";
import type { PropertiesRequest } from "./read-properties.ts";
import { send } from "./send.ts";

/** A property that is to be written. */
export interface WriteRequest extends Omit<PropertiesRequest, "names"> {
  readonly property: string;
  readonly value: JsonValue;
}

/** A writing that was looked up, read and decided about. */
export interface PreparedWriting {
  readonly catalogue: BusCatalogue;
  readonly verdict: Verdict;
  readonly value: Variant;
  readonly origin: CallOrigin;
}

/** Looks up a property, reads its new value, and asks the gate about writing it. */
export async function prepareWriting(
  runtime: DBusRuntime,
  request: WriteRequest,
  asking: Asking,
): Promise<PreparedWriting> {
  const { signal } = asking;
  const catalogue = catalogueOf(runtime, request.bus);
  const entry = await findInterface(catalogue, request, signal);
  const { service, interface: interfaceName, property } = request;
  const writable = entry.description.properties.filter(({ access }) => access !== "read");
  const kind = { what: "writable property", owner: interfaceName };
  const { name, type, annotations } = memberNamed(writable, property, kind);
  const parsed = parseType(type);
  const value = new Variant(type, fromJson(parsed, request.value, JSON.stringify(name)));
  const path = await findPath(catalogue, { ...request, entry }, signal);
  const operation: BusOperation = {
    bus: catalogue.target.name,
    service,
    interface: interfaceName,
    member: name,
    kind: "set",
    path,
    args: { value: toJson(parsed, value.value) },
  };
  const verdict = await decide(runtime, { catalogue, operation, annotations }, asking);
  return { catalogue, verdict, value, origin: asking };
}

/** Writes a prepared property. */
export async function performWriting(
  runtime: DBusRuntime,
  { catalogue, verdict, value, origin }: PreparedWriting,
  signal: AbortSignal,
): Promise<void> {
  const { path, interface: interfaceName, member } = verdict.operation;
  const body = [interfaceName, member, value];
  const argumentNames = ["interface", "property", member];
  const call = { path, interface: propertiesInterface.name, member: "Set", signature: "ssv", body };
  const bus = await catalogue.connection(signal);
  await send(runtime, {
    bus,
    target: catalogue.target,
    verdict,
    call: { ...call, argumentNames },
    origin,
    signal,
  });
}
