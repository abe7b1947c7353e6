/** The codes of the types that hold one plain value. */
export type BasicCode = "y" | "b" | "n" | "q" | "i" | "u" | "x" | "t" | "d" | "s" | "o" | "g" | "h";

interface TypeFacts {
  /** Values of this type begin at a multiple of it. */
  readonly alignment: 1 | 2 | 4 | 8;
  /** How many containers deep values of this type are, those inside variants not counted. */
  readonly depth: number;
  /** Whether a file descriptor is somewhere inside; variants are not looked into. */
  readonly hasUnixFd: boolean;
}

/** A type that holds one plain value. */
export interface BasicType extends TypeFacts {
  readonly kind: "basic";
  readonly code: BasicCode;
}

/** A value that brings its own type. */
export interface VariantType extends TypeFacts {
  readonly kind: "variant";
}

/** Any number of values of one type. */
export interface ArrayType extends TypeFacts {
  readonly kind: "array";
  readonly element: DBusType;
}

/** Values by keys. */
export interface DictionaryType extends TypeFacts {
  readonly kind: "dictionary";
  readonly key: BasicType;
  readonly value: DBusType;
}

/** A fixed sequence of values. */
export interface StructType extends TypeFacts {
  readonly kind: "struct";
  readonly fields: readonly DBusType[];
}

/** One complete type, as a signature spells it. */
export type DBusType = BasicType | VariantType | ArrayType | DictionaryType | StructType;

/** What the specification allows. */
export const signatureLimits = { characters: 255, arrays: 32, structs: 32, depth: 64 } as const;

const alignments = [
  ["y", 1],
  ["b", 4],
  ["n", 2],
  ["q", 2],
  ["i", 4],
  ["u", 4],
  ["x", 8],
  ["t", 8],
  ["d", 8],
  ["s", 4],
  ["o", 4],
  ["g", 1],
  ["h", 4],
] as const;

/** The basic types by their code. */
export const basicTypes: ReadonlyMap<string, BasicType> = new Map(
  alignments.map(([code, alignment]) => [
    code,
    { kind: "basic", code, alignment, depth: 0, hasUnixFd: code === "h" },
  ]),
);

/** The type of a value that brings its own type. */
export const variantType: VariantType = {
  kind: "variant",
  alignment: 1,
  depth: 1,
  hasUnixFd: false,
};

/** Makes the type of an array. */
export function arrayOf(element: DBusType): ArrayType {
  return {
    kind: "array",
    element,
    alignment: 4,
    depth: element.depth + 1,
    hasUnixFd: element.hasUnixFd,
  };
}

/** Makes the type of a dictionary. */
export function dictionaryOf(key: BasicType, value: DBusType): DictionaryType {
  // An entry is a container of its own inside the array.
  const depth = value.depth + 2;
  const hasUnixFd = key.hasUnixFd || value.hasUnixFd;
  return { kind: "dictionary", key, value, alignment: 4, depth, hasUnixFd };
}

/** Makes the type of a struct. */
export function structOf(fields: readonly DBusType[]): StructType {
  return {
    kind: "struct",
    fields,
    alignment: 8,
    depth: 1 + Math.max(...fields.map((field) => field.depth)),
    hasUnixFd: fields.some((field) => field.hasUnixFd),
  };
}
