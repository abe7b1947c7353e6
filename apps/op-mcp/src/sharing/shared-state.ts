import { randomBytes } from "node:crypto";
import { createMemorySessionStore, type SessionStore } from "op-protocol/http";
import { createOwnCalls, type SharedCalls, type SharedCallsOptions } from "./shared-calls.ts";

/**
 * Everything that processes which serve the same clients over the network must know of each other, so that the next
 * request may come to any of them.
 */
export interface SharedState extends SharedCalls, AsyncDisposable {
  /** Sessions of the handshake era, and the events of their streams. */
  readonly sessions: SessionStore;
  /** Seals what clients keep for the server: cursors, and the state of calls that wait for an answer. */
  readonly key: Uint8Array;
}

const keyBytes = 32;

/** Keeps it for this process alone: the next request has to come here. */
export function createOwnState(options: SharedCallsOptions): SharedState {
  const calls = createOwnCalls(options);
  const sessions = createMemorySessionStore({ clock: options.clock });
  return {
    ...calls,
    sessions,
    key: randomBytes(keyBytes),
    [Symbol.asyncDispose]: async () => {
      await sessions[Symbol.asyncDispose]();
      calls[Symbol.dispose]();
    },
  };
}
