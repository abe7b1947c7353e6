import type { JsonObject, JsonValue, OpError } from "op-core";
import type { BusOperation } from "../../access/bus-operation.ts";
import { graverOf, type AccessClass } from "../../access/access-class.ts";
import type { PropertyDescription } from "../../introspection/description.ts";
import { toJson } from "../../json/to-json.ts";
import { bodyOf } from "../../proxy/body-type.ts";
import { propertiesInterface } from "../../proxy/standard-interfaces.ts";
import { parseType } from "../../signature/parse-signature.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import type { InterfaceEntry } from "../catalogue/service-entry.ts";
import { UnknownMemberError } from "../dbus-tools-error.ts";
import { catalogueOf, type DBusRuntime } from "../dbus-runtime.ts";
import { problemOf, type Asking, type CallOrigin } from "./decide.ts";
import type { Verdict } from "../gate/gate.ts";
import { findInterface, findPath } from "./find-interface.ts";
import { memberNamed } from "./named-member.ts";
import { send } from "./send.ts";

/** Which properties are meant. */
export interface PropertiesRequest {
  readonly bus?: string | undefined;
  readonly service: string;
  readonly interface: string;
  readonly path?: string | undefined;
  /** All that can be read unless told. */
  readonly names?: readonly string[] | undefined;
}

/** A reading of properties that was looked up and decided about. */
export interface PreparedReading {
  readonly catalogue: BusCatalogue;
  readonly path: string;
  readonly interface: string;
  /** The properties that may be read, each with what was decided. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Those that may not, and why. */
  readonly withheld: JsonObject;
  readonly origin: CallOrigin;
}

/**
 * Looks up properties and asks the gate about each. Those that are not allowed are withheld; where that is all of them,
 * it is an error.
 */
export async function prepareReading(
  runtime: DBusRuntime,
  request: PropertiesRequest,
  asking: Asking,
): Promise<PreparedReading> {
  const { signal } = asking;
  const catalogue = catalogueOf(runtime, request.bus);
  const entry = await findInterface(catalogue, request, signal);
  const path = await findPath(catalogue, { ...request, entry }, signal);
  const wanted = wantedProperties(entry, request);
  const operationFor = (member: string): BusOperation => ({
    bus: catalogue.target.name,
    service: request.service,
    interface: request.interface,
    member,
    kind: "get",
    path,
    args: {},
  });
  const verdicts = new Map<string, Verdict>();
  const withheld: Record<string, JsonValue> = {};
  let firstProblem: OpError | undefined;
  for (const { name, annotations } of wanted) {
    const verdict = runtime.gate.judge(operationFor(name), asking.caller, annotations);
    const problem = problemOf(verdict, asking);
    if (problem === undefined) verdicts.set(name, verdict);
    else withheld[name] = problem.message;
    firstProblem ??= problem;
  }
  if (verdicts.size === 0 && firstProblem !== undefined) throw firstProblem;
  return { catalogue, path, interface: request.interface, verdicts, withheld, origin: asking };
}

/** Reads prepared properties: one by itself, several in one call, of which only those that may be read are passed on. */
export async function performReading(
  runtime: DBusRuntime,
  reading: PreparedReading,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { verdicts } = reading;
  const [first] = verdicts;
  if (first === undefined) return {};
  if (verdicts.size === 1) {
    const [name, verdict] = first;
    return { [name]: await readOne(runtime, reading, { name, verdict, signal }) };
  }
  return await readSeveral(runtime, reading, signal);
}

async function readOne(
  runtime: DBusRuntime,
  { catalogue, path, interface: interfaceName, origin }: PreparedReading,
  {
    name,
    verdict,
    signal,
  }: { readonly name: string; readonly verdict: Verdict; readonly signal: AbortSignal },
): Promise<JsonValue> {
  const body = [interfaceName, name];
  const call = { path, interface: propertiesInterface.name, member: "Get", signature: "ss", body };
  const bus = await catalogue.connection(signal);
  const reply = await send(runtime, {
    bus,
    target: catalogue.target,
    verdict,
    call,
    origin,
    signal,
  });
  const [value] = bodyOf(reply, "v", `The property ${interfaceName}.${name}`);
  return toJson(parseType("v"), value);
}

async function readSeveral(
  runtime: DBusRuntime,
  { catalogue, path, interface: interfaceName, verdicts, origin }: PreparedReading,
  signal: AbortSignal,
): Promise<JsonObject> {
  const body = [interfaceName];
  const call = {
    path,
    interface: propertiesInterface.name,
    member: "GetAll",
    signature: "s",
    body,
  };
  const bus = await catalogue.connection(signal);
  const verdict = gravestOf([...verdicts.values()]);
  const reply = await send(runtime, {
    bus,
    target: catalogue.target,
    verdict,
    call,
    origin,
    signal,
  });
  const [values] = bodyOf(reply, "a{sv}", `The properties of ${interfaceName}`);
  const entries = values
    .entries()
    .flatMap(([name, value]): [string, JsonValue][] =>
      verdicts.has(name) ? [[name, toJson(parseType("v"), value)]] : [],
    );
  return Object.fromEntries(entries);
}

/** All of them travel in one message, so it is sent as the gravest would be. */
export function gravestOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((one, other) => {
    const gravest: AccessClass = graverOf(one.classification.class, other.classification.class);
    return gravest === one.classification.class ? one : other;
  });
}

function wantedProperties(
  { description }: InterfaceEntry,
  { interface: owner, names }: PropertiesRequest,
): readonly PropertyDescription[] {
  const readable = description.properties.filter(({ access }) => access !== "write");
  if (names === undefined || names.length === 0) {
    if (readable.length > 0) return readable;
    throw new UnknownMemberError(`readable property of ${owner}`);
  }
  return names.map((name) => memberNamed(readable, name, { what: "readable property", owner }));
}
