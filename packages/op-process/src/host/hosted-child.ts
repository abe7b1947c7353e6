import { SandboxUnavailableError, SpawnError, SpawnerLostError } from "../process-error.ts";
import type { ProcessTraces } from "../processes/process-traces.ts";
import type { ExitStatus } from "../spec/exit-status.ts";
import { noUsage } from "../spec/resource-usage.ts";
import type { KillCause, SpawnerNews } from "../spawner/spawner-message.ts";

/** A child as its host knows it, from the order to the end. */
export interface HostedChild {
  readonly id: number;
  /** By what its processes can be found without the spawner. */
  traces: ProcessTraces;
  /** Resolves when it runs; rejects when it never will. */
  readonly started: Promise<StartedNews>;
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<ExitStatus>;
  hear(news: ChildNews): void;
  /** The spawner is gone, and whatever was left of the child too. */
  lose(): void;
}

/** News about one child. */
export type ChildNews = Extract<SpawnerNews, { readonly id: number }>;

/** The news that it runs. */
export type StartedNews = Extract<SpawnerNews, { readonly type: "started" }>;

/** Makes a child that has been ordered. */
export function createHostedChild(
  id: number,
  { program, marker }: { readonly program: string; readonly marker: string },
): HostedChild {
  const started = Promise.withResolvers<StartedNews>();
  const ended = Promise.withResolvers<ExitStatus>();
  // Whoever starts a child waits for this; when nobody does any more, its end says enough.
  started.promise.catch(() => undefined);
  const refuse = (error: Error) => {
    started.reject(error);
    ended.resolve({ ...lost, usage: noUsage });
  };
  const child: HostedChild = {
    id,
    traces: { marker },
    started: started.promise,
    ended: ended.promise,
    hear: (news) => {
      switch (news.type) {
        case "started":
          child.traces = news.traces;
          return started.resolve(news);
        case "failed":
          return refuse(new SpawnError(news.failure));
        case "unavailable":
          return refuse(new SandboxUnavailableError(news.shortfall));
        case "ended":
          return ended.resolve(news.status);
      }
    },
    lose: () => refuse(new SpawnerLostError(`Starting ${JSON.stringify(program)}`)),
  };
  return child;
}

const lost: KillCause = { kind: "killed", reason: "spawner-lost" };
