/**
 * What an operation may do, from harmless to grave:
 * `observe` only reads · `sensitive` reads what not everybody should see, or asks the network · `change` changes
 * something that can be changed back · `destructive` may lose something, or lasts · `forbidden` gives control of the
 * machine or of its secrets.
 */
export type AccessClass = "observe" | "sensitive" | "change" | "destructive" | "forbidden";

/** Every class, from the least to the gravest. */
export const accessClasses = [
  "observe",
  "sensitive",
  "change",
  "destructive",
  "forbidden",
] as const satisfies readonly AccessClass[];

/** Whether a class is graver than another. */
export function isGraver(one: AccessClass, other: AccessClass): boolean {
  return accessClasses.indexOf(one) > accessClasses.indexOf(other);
}

/** The graver of two classes. */
export function graverOf(one: AccessClass, other: AccessClass): AccessClass {
  return isGraver(one, other) ? one : other;
}
