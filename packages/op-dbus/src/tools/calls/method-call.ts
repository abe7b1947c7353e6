import type { JsonObject, JsonValue } from "op-core";
import {
  signatureOf,
  type ArgumentDescription,
  type MethodDescription,
} from "../../introspection/description.ts";
import { argumentKeys, argumentsFromJson, argumentsToJson } from "../../json/arguments.ts";
import { InvalidValueError, UnixFdError } from "../../dbus-error.ts";
import type { MethodReply } from "../../connection/bus-connection.ts";
import { formatType } from "../../signature/format-signature.ts";
import { parseSignature } from "../../signature/parse-signature.ts";
import type { DBusValue } from "../../wire/value.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import { answersNothing } from "../catalogue/catalogue-member.ts";
import { catalogueOf, type DBusRuntime } from "../dbus-runtime.ts";
import type { BusOperation } from "../../access/bus-operation.ts";
import type { Verdict } from "../gate/gate.ts";
import { decide, type Asking, type CallOrigin } from "./decide.ts";
import { findInterface, findPath } from "./find-interface.ts";
import { memberNamed } from "./named-member.ts";
import { send } from "./send.ts";

/** A method call as a tool is asked for it. */
export interface MethodRequest {
  readonly bus?: string | undefined;
  readonly service: string;
  readonly interface: string;
  readonly member: string;
  readonly path?: string | undefined;
  /** By their names, or in their order. */
  readonly args?: JsonObject | readonly JsonValue[] | undefined;
}

/** A call that was looked up, decoded and decided about, but not sent. */
export interface PreparedCall {
  readonly catalogue: BusCatalogue;
  readonly method: MethodDescription;
  readonly body: readonly DBusValue[];
  readonly verdict: Verdict;
  readonly origin: CallOrigin;
}

/**
 * Looks up a method, reads its arguments, and asks the gate about the very call that would be sent. Sends nothing but
 * questions. Rejects with `ERR_DBUS_UNKNOWN`, `ERR_DBUS_PATH_NEEDED`, `ERR_DBUS_VALUE`, `ERR_DBUS_UNIX_FD` and
 * `ERR_DBUS_ACCESS_DENIED`.
 */
export async function prepareCall(
  runtime: DBusRuntime,
  request: MethodRequest,
  asking: Asking,
): Promise<PreparedCall> {
  const { signal } = asking;
  const catalogue = catalogueOf(runtime, request.bus);
  const entry = await findInterface(catalogue, request, signal);
  const { service, interface: interfaceName } = request;
  const kind = { what: "method", owner: interfaceName };
  const method = memberNamed(entry.description.methods, request.member, kind);
  refuseUnixFds(method, `${interfaceName}.${method.name}`);
  const body = argumentsFromJson(method.inputs, toArgumentObject(method.inputs, request.args));
  const path = await findPath(catalogue, { ...request, entry }, signal);
  const operation: BusOperation = {
    bus: catalogue.target.name,
    service,
    interface: interfaceName,
    member: method.name,
    kind: "call",
    path,
    args: argumentsToJson(method.inputs, body),
  };
  const { annotations } = method;
  const verdict = await decide(runtime, { catalogue, operation, annotations }, asking);
  return { catalogue, method, body, verdict, origin: asking };
}

/** Sends a prepared call; resolves with its answer by the names of what comes out, or with what stands for none. */
export async function performCall(
  runtime: DBusRuntime,
  { catalogue, method, body, verdict, origin }: PreparedCall,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { interface: interfaceName, member, path } = verdict.operation;
  const noReply = answersNothing(method);
  const reply = await send(runtime, {
    bus: await catalogue.connection(signal),
    target: catalogue.target,
    verdict,
    call: {
      path,
      interface: interfaceName,
      member,
      signature: signatureOf(method.inputs),
      body,
      argumentNames: argumentKeys(method.inputs),
    },
    noReply,
    origin,
    signal,
  });
  return noReply ? { sent: true } : answerToJson(method.outputs, reply);
}

/** The service may answer with other types than it says: its message counts. */
function answerToJson(
  outputs: readonly ArgumentDescription[],
  { signature, body }: MethodReply,
): JsonObject {
  const types = parseSignature(signature).map(formatType);
  const described = types.map((type, index) => {
    const { name = "" } = outputs[index] ?? {};
    return { name, type, documentation: undefined };
  });
  return argumentsToJson(described, body);
}

/** Arguments by their names, also where they were given in their order; throws `ERR_DBUS_VALUE` for a wrong number. */
export function toArgumentObject(
  inputs: readonly ArgumentDescription[],
  args: MethodRequest["args"] = {},
): JsonObject {
  if (!isList(args)) return args;
  const keys = argumentKeys(inputs);
  if (args.length !== keys.length) {
    throw new InvalidValueError({
      argument: "args",
      signature: signatureOf(inputs),
      at: "",
      expected: `${keys.length} values (${keys.join(", ") || "none"})`,
      found: `${args.length} values`,
    });
  }
  return Object.fromEntries(keys.map((key, index) => [key, args[index] ?? null]));
}

function isList(args: JsonObject | readonly JsonValue[]): args is readonly JsonValue[] {
  return Array.isArray(args);
}

/** Without file descriptors on the socket such a call would never be answered. */
function refuseUnixFds({ inputs, outputs }: MethodDescription, what: string): void {
  for (const { name, type } of [...inputs, ...outputs]) {
    if (type.includes("h"))
      throw new UnixFdError(`${name === "" ? "An argument" : name} of ${what}`, type);
  }
}
