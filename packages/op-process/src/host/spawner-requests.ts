import { SpawnerLostError } from "../process-error.ts";
import type { SpawnerNews, SpawnerOrder } from "../spawner/spawner-message.ts";

/** Questions to the spawner, and their answers. */
export interface SpawnerRequests {
  /** Sends an order and waits for the news that answers it. */
  ask: <T>(
    order: (request: number) => SpawnerOrder,
    read: (news: SpawnerNews) => T | undefined,
  ) => Promise<T>;
  hear(news: SpawnerNews & { readonly request: number }): void;
  /** Fails all questions, now and from now on. */
  lose(): void;
}

interface Request {
  answer(news: SpawnerNews): void;
  fail(error: SpawnerLostError): void;
}

/** Makes an account of questions that go out by `send`. */
export function createSpawnerRequests(send: (order: SpawnerOrder) => void): SpawnerRequests {
  const open = new Map<number, Request>();
  let lastId = 0;
  let isLost = false;
  return {
    ask: async <T>(
      order: (request: number) => SpawnerOrder,
      read: (news: SpawnerNews) => T | undefined,
    ) => {
      if (isLost) throw new SpawnerLostError("Asking the spawner");
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const answer = (news: SpawnerNews) => {
        const value = read(news);
        if (value !== undefined) resolve(value);
      };
      open.set(id, { answer, fail: reject });
      try {
        send(order(id));
        return await promise;
      } finally {
        open.delete(id);
      }
    },
    hear: (news) => open.get(news.request)?.answer(news),
    lose: () => {
      isLost = true;
      for (const request of open.values()) request.fail(new SpawnerLostError("Asking the spawner"));
    },
  };
}
