import type { DBusValue, Variant } from "../wire/value.ts";

/**
 * What a signature's values are in TypeScript, worked out by the compiler: `SignatureValue<"a{sv}">` is a
 * `ReadonlyMap<string, Variant>`. The signature has to be one complete type; of one that is only known at run time it is
 * any value.
 */
export type SignatureValue<S extends string> = string extends S ? DBusValue : First<Head<S>>;

/** The values of all types of a signature, as a tuple: `SignatureValues<"su">` is `[string, number]`. */
export type SignatureValues<S extends string> = string extends S
  ? readonly DBusValue[]
  : Collect<S, []>;

interface BasicValues {
  y: number;
  n: number;
  q: number;
  i: number;
  u: number;
  d: number;
  h: number;
  x: bigint;
  t: bigint;
  b: boolean;
  s: string;
  o: string;
  g: string;
  v: Variant;
}

/** What is left when a signature makes no sense; `never` would be matched by everything and never come to an end. */
type Nothing = [never, ""];

type First<T extends [unknown, string]> = T[0];

type Collect<S extends string, Values extends readonly unknown[]> = S extends ""
  ? Readonly<Values>
  : Head<S> extends [infer V, infer Rest extends string]
    ? Collect<Rest, [...Values, V]>
    : readonly never[];

/** The first type's value and the rest of the signature. */
type Head<S extends string> = S extends `ay${infer Rest}`
  ? [Uint8Array, Rest]
  : S extends `a{${infer Key extends keyof BasicValues}${infer Rest}`
    ? DictionaryHead<Key, Rest>
    : S extends `a${infer Rest}`
      ? ArrayHead<Rest>
      : S extends `(${infer Rest}`
        ? StructHead<Rest, []>
        : S extends `${infer Code extends keyof BasicValues}${infer Rest}`
          ? [BasicValues[Code], Rest]
          : Nothing;

type DictionaryHead<Key extends keyof BasicValues, S extends string> =
  Head<S> extends [infer V, `}${infer Rest}`] ? [ReadonlyMap<BasicValues[Key], V>, Rest] : Nothing;

type ArrayHead<S extends string> =
  Head<S> extends [infer V, infer Rest extends string] ? [readonly V[], Rest] : Nothing;

type StructHead<S extends string, Fields extends readonly unknown[]> = S extends `)${infer Rest}`
  ? [Readonly<Fields>, Rest]
  : S extends ""
    ? Nothing
    : Head<S> extends [infer V, infer Rest extends string]
      ? StructHead<Rest, [...Fields, V]>
      : Nothing;
