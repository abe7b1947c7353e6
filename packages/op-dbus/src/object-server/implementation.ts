import type { IncomingCall } from "../connection/bus-connection.ts";
import type { InterfaceShape } from "../proxy/interface-shape.ts";
import type { SignatureValue, SignatureValues } from "../signature/signature-value.ts";
import type { DBusValue } from "../wire/value.ts";

/** Who called, and for how long the answer matters. */
export type CallContext = Pick<
  IncomingCall,
  "sender" | "path" | "signal" | "isInteractiveAuthorizationAllowed"
>;

/** A property of an exported object. */
export interface ExportedProperty<Value> {
  get(): Value;
  /** Takes a new value; without it the property is read-only. */
  set?(value: Value, context: CallContext): Promise<void>;
}

/**
 * Answers a method. Written as a method so that handlers of all types go into one table: the server checks the
 * signature of every call before it passes the arguments on.
 */
type MethodHandler<In, Out> = {
  handle(args: In, context: CallContext): Promise<Out & readonly DBusValue[]>;
}["handle"];

/** What an object does for an interface, typed by the interface's shape. */
export interface Implementation<T extends InterfaceShape> {
  readonly methods: {
    readonly [M in keyof T["methods"]]: MethodHandler<
      SignatureValues<T["methods"][M]["in"]>,
      SignatureValues<T["methods"][M]["out"]>
    >;
  };
  readonly properties: {
    readonly [P in keyof T["properties"]]: ExportedProperty<
      SignatureValue<T["properties"][P]["type"]> & DBusValue
    >;
  };
}
