import { formatError, type JsonValue } from "op-core";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { canonicalJson } from "../entry/canonical-json.ts";
import type { Digest } from "../redaction/digest.ts";
import { recordedArguments } from "./recorded-arguments.ts";
import { digestLike } from "./recorded-digest.ts";
import { sessionSteps, type CallStep } from "./session-steps.ts";

/** Runs a tool with the arguments a session gave it, and returns what was handed to the log as its result then. */
export type ReplayCall = (
  tool: string,
  args: JsonValue | undefined,
  options: { readonly signal?: AbortSignal },
) => Promise<unknown>;

/** What running a session again takes. */
export interface ReplayOptions {
  /** Its entries, oldest first. */
  readonly entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>;
  readonly call: ReplayCall;
  /** Asked for every call that could be run again. Reads may have effects all the same: say which have none. */
  readonly mayRun: (step: CallStep) => boolean | Promise<boolean>;
  /** The digest of the log's key, without which no result can be compared: `key.digest`. */
  readonly digest?: Digest;
  readonly signal?: AbortSignal;
}

/** What became of a call that was to be run again. */
export type ReplayedCall = { readonly step: CallStep } & (
  | { readonly verdict: "same" | "differs"; readonly result: unknown }
  | { readonly verdict: "failed"; readonly reason: string; readonly error: unknown }
  | { readonly verdict: "skipped"; readonly reason: string }
);

interface Runnable {
  readonly args: JsonValue | undefined;
  readonly recorded: string;
}

/**
 * Runs a session's reads again, one after the other, and says of each call whether its result is what it was. Whatever
 * is not a read, did not end well, or is not known exactly is skipped, with the reason.
 */
export async function* replaySession(options: ReplayOptions): AsyncGenerator<ReplayedCall> {
  const { entries, signal } = options;
  for (const step of await sessionSteps(entries)) {
    signal?.throwIfAborted();
    if (step.kind === "call") yield await replayCall(step, options);
  }
}

async function replayCall(step: CallStep, options: ReplayOptions): Promise<ReplayedCall> {
  const runnable = findRunnable(step, options.digest);
  if ("reason" in runnable) return { step, verdict: "skipped", ...runnable };
  if (!(await options.mayRun(step)))
    return { step, verdict: "skipped", reason: "It may not be run again." };
  return await runAgain(step, runnable, options);
}

function findRunnable(
  { ended, outcome, began }: CallStep,
  digest: Digest | undefined,
): Runnable | { readonly reason: string } {
  if (ended === undefined || outcome !== "ok")
    return { reason: `It did not end well: ${outcome}.` };
  if (ended.risk !== "read") return { reason: "It is not a read." };
  const { resultDigest: recorded } = ended;
  if (recorded === undefined) return { reason: "Its result was not recorded." };
  if (digestLike(recorded, "", digest) === undefined)
    return { reason: "Its result can be compared only with the key that the log had then." };
  const entry = ended.argumentsBytes === undefined && began !== undefined ? began : ended;
  const args = recordedArguments(entry, digest);
  return args.isKnown ? { args: args.value, recorded } : { reason: args.reason };
}

async function runAgain(
  step: CallStep,
  { args, recorded }: Runnable,
  { call, digest, signal }: ReplayOptions,
): Promise<ReplayedCall> {
  try {
    const result = await call(step.tool, args, signal === undefined ? {} : { signal });
    const isSame = digestLike(recorded, canonicalJson(result), digest) === recorded;
    return { step, verdict: isSame ? "same" : "differs", result };
  } catch (error) {
    signal?.throwIfAborted();
    return { step, verdict: "failed", reason: formatError(error), error };
  }
}
