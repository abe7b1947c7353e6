import { OpError } from "op-core";
import type { SandboxLevel } from "./sandbox/sandbox-level.ts";
import type { MechanismReport } from "./sandbox/sandbox-report.ts";

/** Why a child could not be started. */
export type SpawnFailureReason = keyof typeof adviceFor;

const adviceFor = {
  "program-missing":
    "Install the program, give its absolute path, or name the folder it is in as PATH in the child's environment.",
  "program-not-executable":
    "Make it an executable file in folders that the child's user may enter, or name another program.",
  "path-hidden": "Add the path to `readable` or `writable` of the sandbox.",
  "path-missing": "Create it, or name a path that exists.",
  "arguments-invalid": "Correct the specification of the child.",
  "arguments-too-long": "Pass less in arguments and environment, and the rest through stdin.",
  "machine-exhausted": "Try again when fewer processes run, or raise the limits of this process.",
} as const;

/** What there is to say about a child that could not be started. */
export interface SpawnFailure {
  readonly program: string;
  readonly reason: SpawnFailureReason;
  /** The rest of the sentence "Starting X failed: …". */
  readonly detail: string;
}

/** A child could not be started. */
export class SpawnError extends OpError {
  static readonly code = "ERR_SPAWN";
  static readonly meaning = "A program could not be started as a child.";
  readonly code = SpawnError.code;
  readonly failure: SpawnFailure;

  constructor(failure: SpawnFailure) {
    const { program, reason, detail } = failure;
    super(`Starting ${JSON.stringify(program)} failed: ${detail}.`, {
      advice: adviceFor[reason],
      data: { program, reason },
      retryable: reason === "machine-exhausted",
    });
    this.failure = failure;
  }
}

/** What a child needs and this machine does not have. */
export interface SandboxShortfall {
  readonly program: string;
  readonly least: SandboxLevel;
  readonly strongest: SandboxLevel;
  readonly missing: readonly MechanismReport[];
}

/** This machine does not have the isolation or the limit that a child needs, so it was not started. */
export class SandboxUnavailableError extends OpError {
  static readonly code = "ERR_SANDBOX_UNAVAILABLE";
  static readonly meaning =
    "The machine does not have the isolation that a child needs, so it was not started.";
  readonly code = SandboxUnavailableError.code;
  readonly shortfall: SandboxShortfall;

  constructor(shortfall: SandboxShortfall) {
    const { program, least, strongest, missing } = shortfall;
    const why = missing.map(({ mechanism, detail }) => `${mechanism}: ${detail}`).join("; ");
    super(
      `${JSON.stringify(program)} was not started: it needs the isolation ${least}, here is ${strongest} (${why}).`,
      {
        advice: [...new Set(missing.flatMap(({ advice }) => advice ?? []))].join(" "),
        data: { program, least, strongest, missing: missing.map(({ mechanism }) => mechanism) },
      },
    );
    this.shortfall = shortfall;
  }
}

/** The spawner ended or could not be started. */
export class SpawnerLostError extends OpError {
  static readonly code = "ERR_SPAWNER_LOST";
  static readonly meaning =
    "The process that starts children ended; its children were killed, and the next start brings it back.";
  readonly code = SpawnerLostError.code;

  constructor(what: string, cause?: unknown) {
    super(`${what} failed: the spawner process ended.`, {
      advice:
        "Try again: a new spawner starts. If it happens again, look for a shortage of memory.",
      retryable: true,
      cause,
    });
  }
}

/** The host was closed. */
export class ProcessHostClosedError extends OpError {
  static readonly code = "ERR_PROCESS_HOST_CLOSED";
  static readonly meaning = "A process host was asked for something after it was closed.";
  readonly code = ProcessHostClosedError.code;

  constructor(what: string) {
    super(`${what} failed: the process host is closed.`, {
      advice: "Ask for it before the host is disposed.",
    });
  }
}
