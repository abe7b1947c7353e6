import type { KillCause } from "../spawner/spawner-message.ts";
import type { ChildHandle } from "./child-handle.ts";
import type { ChildStreams } from "./connect-streams.ts";
import type { HostedChild, StartedNews } from "./hosted-child.ts";
import type { SpawnerClient } from "./open-spawner-client.ts";

/** What a handle is made of. */
export interface ChildHandleParts {
  readonly client: SpawnerClient;
  readonly child: HostedChild;
  readonly started: StartedNews;
  readonly streams: ChildStreams;
}

const onDemand: KillCause = { kind: "killed", reason: "kill" };

/** The handle of a child that runs. */
export function createChildHandle(parts: ChildHandleParts): ChildHandle {
  const { client, child, started, streams } = parts;
  const { id } = child;
  const kill: ChildHandle["kill"] = async ({ graceMs } = {}) => {
    const grace = graceMs === undefined ? {} : { graceMs };
    client.send({ type: "kill", id, cause: onDemand, ...grace });
    return await child.ended;
  };
  return {
    ...streams,
    pid: started.pid,
    level: started.level,
    exited: child.ended,
    kill,
    signal: (signal) => client.send({ type: "signal", id, signal }),
    usage: async () => {
      const finalUsage = child.ended.then(({ usage }) => usage);
      // Once it has ended the spawner has forgotten it, or is itself gone.
      const usageNow = client.measure(id).catch(async () => await finalUsage);
      return await Promise.race([finalUsage, usageNow]);
    },
    [Symbol.asyncDispose]: async () => void (await kill({ graceMs: 0 })),
  };
}
