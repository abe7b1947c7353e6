import type { DBusType } from "./signature.ts";

/** Writes a type as a signature spells it. */
export function formatType(type: DBusType): string {
  switch (type.kind) {
    case "variant":
      return "v";
    case "array":
      return `a${formatType(type.element)}`;
    case "dictionary":
      return `a{${formatType(type.key)}${formatType(type.value)}}`;
    case "struct":
      return `(${formatSignature(type.fields)})`;
    case "basic":
    default:
      return type.code;
  }
}

/** Writes types as one signature. */
export function formatSignature(types: readonly DBusType[]): string {
  return types.map(formatType).join("");
}
