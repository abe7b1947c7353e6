import { constants } from "node:os";
import type { ExitCause } from "../spec/exit-status.ts";
import type { Limits } from "../spec/limits.ts";

/** How the first process of a child ended, as the kernel says. */
export interface RawExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What else is known of a child that ended by itself. */
export interface ExitCircumstances {
  readonly limits: Limits;
  /** Whether bubblewrap passed the exit on: it says a signal as 128 and the signal's number. */
  readonly isPassedOn: boolean;
  readonly hasRunOutOfMemory: boolean;
}

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** Says how a child ended that nobody here killed. */
export function toExitCause(raw: RawExit, circumstances: ExitCircumstances): ExitCause {
  const { limits, isPassedOn, hasRunOutOfMemory } = circumstances;
  if (hasRunOutOfMemory) return { kind: "limit", limit: "memory" };
  const code = raw.code ?? 0;
  const signal = raw.signal ?? (isPassedOn && code > 128 ? signalNames.get(code - 128) : undefined);
  if (signal === undefined) return { kind: "exited", code };
  if (signal === "SIGXCPU" && limits.cpuTimeMs !== undefined) {
    return { kind: "limit", limit: "cpuTime" };
  }
  if (signal === "SIGXFSZ" && limits.fileBytes !== undefined) {
    return { kind: "limit", limit: "fileBytes" };
  }
  return { kind: "signalled", signal };
}
