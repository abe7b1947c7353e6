import type { ExitStatus } from "op-process";

/** How a process ended, as the end of a sentence. */
export function describeExit(status: ExitStatus): string {
  if (status.kind === "exited") return `it left with code ${status.code}`;
  if (status.kind === "signalled") return `it was ended by ${status.signal}`;
  if (status.kind === "killed") return `it was killed (${status.reason})`;
  return `it went beyond its limit of ${status.limit}`;
}
