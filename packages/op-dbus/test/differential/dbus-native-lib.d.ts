/** The codec of dbus-native, which its own declarations leave out. */
declare module "dbus-native/lib/message.js" {
  export interface OracleMessage {
    readonly type: number;
    readonly serial: number;
    readonly flags?: number;
    readonly path?: string;
    readonly interface?: string;
    readonly member?: string;
    readonly destination?: string;
    readonly signature?: string;
    readonly body?: readonly unknown[];
  }
  export function marshall(message: OracleMessage): Buffer;
  export function unmarshall(
    bytes: Buffer,
    options: { readonly plainValues: boolean; readonly variants: "wrap" },
  ): OracleMessage;
}

declare module "dbus-native/lib/values.js" {
  export class Variant {
    readonly signature: string;
    readonly value: unknown;
    constructor(signature: string, value: unknown);
  }
}
