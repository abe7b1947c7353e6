import type { JsonObject } from "op-core";
import type { CallBegan, CallEnded, SecurityEvent } from "./audit-entry.ts";

/** What the log fills in. */
type Filled = "v" | "at" | "monotonicMs" | "arguments" | "argumentsBytes" | "argumentsDigest";

interface RawArguments {
  /** The arguments as they came. What is written has no secrets in it, and a digest of the originals. */
  readonly arguments?: unknown;
  /** The tool's JSON Schema, of which the marks of secrets are heeded. */
  readonly inputSchema?: JsonObject;
}

/** A call that is about to run. */
export type CallBeganDraft = Readonly<Omit<CallBegan, Filled>> & RawArguments;

/** A call that has ended. */
export type CallEndedDraft = Readonly<Omit<CallEnded, Filled | "resultBytes" | "resultDigest">> &
  RawArguments & {
    /** What the call returned; its length and a digest of it are written, never itself. */
    readonly result?: unknown;
  };

/** Something that happened besides calls. Secrets in its details are taken out. */
export type SecurityEventDraft = Readonly<
  Omit<SecurityEvent, "v" | "at" | "monotonicMs" | "details">
> & {
  readonly details?: unknown;
};

/** An entry as its author knows it; the log adds time, place and digests and takes secrets out. */
export type AuditDraft = CallBeganDraft | CallEndedDraft | SecurityEventDraft;
