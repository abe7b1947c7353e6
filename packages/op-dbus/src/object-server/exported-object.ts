import { standardErrors } from "../connection/call-server.ts";
import type { CallAnswer, IncomingCall } from "../connection/bus-connection.ts";
import { isBodyOf } from "../proxy/body-type.ts";
import type { InterfaceShape, PropertyShape } from "../proxy/interface-shape.ts";
import type { SignatureValues } from "../signature/signature-value.ts";
import { Variant, type DBusValue } from "../wire/value.ts";
import { AnsweredError } from "./answered-error.ts";
import type { CallContext, ExportedProperty, Implementation } from "./implementation.ts";

/** An interface that an object has, as the server sees it: the types are checked when it is called. */
export interface ExportedInterface {
  readonly shape: InterfaceShape;
  readonly implementation: Implementation<InterfaceShape>;
}

/** Calls a method of an interface whose arguments came with a signature. */
export async function invoke(
  { shape, implementation }: ExportedInterface,
  call: IncomingCall,
): Promise<CallAnswer> {
  const method = ownOf(shape.methods, call.member);
  const act = ownOf(implementation.methods, call.member);
  if (method === undefined || act === undefined) {
    throw new AnsweredError(standardErrors.unknownMethod, `${shape.name} has no ${call.member}.`);
  }
  return { signature: method.out, body: await act(argumentsOf(call, method.in), call) };
}

/** The arguments of a call that has to be of a signature. */
export function argumentsOf<S extends string>(
  call: IncomingCall,
  signature: S,
): SignatureValues<S> {
  const { body, member } = call;
  if (isBodyOf(body, call, signature)) return body;
  const message = `${member} takes "${signature}", not "${call.signature}".`;
  throw new AnsweredError(standardErrors.invalidArgs, message);
}

/** Reads a property. */
export function readProperty(exported: ExportedInterface, name: string): Variant {
  const { shape, property } = propertyOf(exported, name);
  return new Variant(shape.type, property.get());
}

/** Reads every property that can be read. */
export function readProperties(exported: ExportedInterface): ReadonlyMap<string, Variant> {
  const names = Object.entries(exported.shape.properties)
    .filter(([, { access }]) => access !== "write")
    .map(([name]) => name);
  return new Map(names.map((name) => [name, readProperty(exported, name)]));
}

/** Writes a property. */
export async function writeProperty(
  exported: ExportedInterface,
  name: string,
  variant: Variant,
  context: CallContext,
): Promise<void> {
  const { shape, property } = propertyOf(exported, name);
  if (property.set === undefined || (shape.access ?? "read") === "read") {
    throw new AnsweredError(standardErrors.propertyReadOnly, `${name} cannot be written.`);
  }
  if (variant.signature !== shape.type) {
    throw new AnsweredError(standardErrors.invalidArgs, `${name} is of type "${shape.type}".`);
  }
  await property.set(variant.value, context);
}

interface OwnProperty {
  readonly shape: PropertyShape;
  readonly property: ExportedProperty<DBusValue>;
}

function propertyOf({ shape, implementation }: ExportedInterface, name: string): OwnProperty {
  const property = ownOf(implementation.properties, name);
  const propertyShape = ownOf(shape.properties, name);
  if (property === undefined || propertyShape === undefined) {
    const message = `${shape.name} has no property ${name}.`;
    throw new AnsweredError(standardErrors.unknownProperty, message);
  }
  return { shape: propertyShape, property };
}

/** Members come from callers, and every object inherits a few that nobody exported. */
function ownOf<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
