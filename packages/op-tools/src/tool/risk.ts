/**
 * What a call may do, from harmless to grave:
 * `read` changes nothing · `write` changes something that can be changed back · `destructive` may lose something for
 * good · `privileged` changes who may do what, or the machine as a whole.
 */
export type Risk = "read" | "write" | "destructive" | "privileged";

/** Every risk, from the least to the greatest. */
export const risks: readonly Risk[] = ["read", "write", "destructive", "privileged"];
