import { isJsonObject, type JsonValue } from "op-core";
import { describeShape } from "../../object-server/describe-shape.ts";
import { propertiesInterface } from "../../proxy/standard-interfaces.ts";
import { InvalidValueError } from "../../dbus-error.ts";
import { memberNamed } from "./named-member.ts";
import { toArgumentObject, type MethodRequest } from "./method-call.ts";
import type { PropertiesRequest } from "./read-properties.ts";
import type { WriteRequest } from "./write-property.ts";

/** A call of the interface through which properties are read and written. */
export type PropertyCall =
  | { readonly kind: "get"; readonly request: PropertiesRequest }
  | { readonly kind: "set"; readonly request: WriteRequest };

/**
 * What a call is really about: reading and writing properties through `org.freedesktop.DBus.Properties` is about the
 * property, and is decided about as such. Undefined for calls of other interfaces.
 */
export function asPropertyCall(request: MethodRequest): PropertyCall | undefined {
  if (request.interface !== propertiesInterface.name) return undefined;
  const { methods } = describeShape(propertiesInterface);
  const method = memberNamed(methods, request.member, { what: "method", owner: request.interface });
  const args = toArgumentObject(method.inputs, request.args);
  const { bus, service, path } = request;
  const target = { bus, service, path, interface: textAt(args, "interface_name") };
  if (method.name === "GetAll") return { kind: "get", request: target };
  const property = textAt(args, "property_name");
  if (method.name === "Get") return { kind: "get", request: { ...target, names: [property] } };
  const { value = null } = args;
  return { kind: "set", request: { ...target, property, value: plainValue(value) } };
}

function textAt(args: Readonly<Record<string, JsonValue>>, key: string): string {
  const value = args[key];
  if (typeof value === "string") return value;
  const argument = JSON.stringify(key);
  const found = value === undefined ? "nothing" : "something else";
  throw new InvalidValueError({ argument, signature: "s", at: "", expected: "text", found });
}

/** A variant may say its type, which the property knows by itself. */
function plainValue(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  const { type, value: inner } = value;
  return typeof type === "string" && inner !== undefined ? inner : value;
}
