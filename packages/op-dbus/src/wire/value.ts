/**
 * What D-Bus values are in TypeScript: bigint for the 64-bit types, `Uint8Array` for arrays of bytes, `Map` for
 * dictionaries, arrays for arrays and structs, {@link Variant} for variants.
 */
export type DBusValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | Variant
  | readonly DBusValue[]
  | ReadonlyMap<DBusKey, DBusValue>;

/** What a dictionary's key may be. */
export type DBusKey = string | number | bigint | boolean;

/** A value that brings its own type. */
export class Variant {
  /** One complete type. */
  readonly signature: string;
  readonly value: DBusValue;

  constructor(signature: string, value: DBusValue) {
    this.signature = signature;
    this.value = value;
  }
}
