import type { JsonValue } from "op-core";

/** A request that an agent has not answered. */
export interface PendingRequest {
  readonly onProgress: ((data: JsonValue) => void) | undefined;
  readonly resolve: (output: JsonValue) => void;
  readonly reject: (error: Error) => void;
  /** What was reported so far. */
  progressBytes: number;
}

/** The requests and pings that an agent still has to answer. */
export interface PendingRequests {
  add(onProgress: PendingRequest["onProgress"]): {
    readonly id: number;
    readonly answered: Promise<JsonValue>;
  };
  find(id: number): PendingRequest | undefined;
  remove(id: number): void;
  /** Sends a ping and resolves when it is answered. */
  ping(send: (id: number) => void): Promise<void>;
  /** Whether somebody waited for this. */
  pong(id: number): boolean;
  /** Rejects them all, and every later one. */
  fail(error: Error): void;
}

/** Makes the book of open requests of one agent. */
export function createPendingRequests(): PendingRequests {
  const requests = new Map<number, PendingRequest>();
  const pings = new Map<number, PromiseWithResolvers<void>>();
  let lastId = 0;
  let failure: Error | undefined;

  return {
    add: (onProgress) => {
      lastId += 1;
      const { promise, resolve, reject } = Promise.withResolvers<JsonValue>();
      if (failure === undefined) {
        requests.set(lastId, { onProgress, resolve, reject, progressBytes: 0 });
      } else {
        reject(failure);
      }
      return { id: lastId, answered: promise };
    },
    find: (id) => requests.get(id),
    remove: (id) => requests.delete(id),
    ping: async (send) => {
      if (failure !== undefined) throw failure;
      lastId += 1;
      const answer = Promise.withResolvers<void>();
      pings.set(lastId, answer);
      send(lastId);
      await answer.promise;
    },
    pong: (id) => {
      pings.get(id)?.resolve();
      return pings.delete(id);
    },
    fail: (error) => {
      if (failure !== undefined) return;
      failure = error;
      for (const { reject } of [...requests.values(), ...pings.values()]) reject(error);
      requests.clear();
      pings.clear();
    },
  };
}
