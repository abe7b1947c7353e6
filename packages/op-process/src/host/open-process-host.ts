import { abortable, createSingleFlight, silentLogger, systemClock } from "op-core";
import { ProcessHostClosedError } from "../process-error.ts";
import { checkSpec } from "../spec/check-spec.ts";
import type { KillReason } from "../spec/exit-status.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";
import type { ChildHandle } from "./child-handle.ts";
import { expectStreams } from "./child-streams.ts";
import { createChildHandle } from "./create-child-handle.ts";
import { openSpawnerClient, type SpawnerClient } from "./open-spawner-client.ts";
import { openStreamServer, type StreamServer } from "./open-stream-server.ts";
import type { ProcessHost, ProcessHostOptions } from "./process-host.ts";

/**
 * Opens a host: starts its spawner, a small process that forks for this one. Open it before this process grows: forking
 * the spawner is the only time that the size of this process counts.
 */
export async function openProcessHost(options: ProcessHostOptions = {}): Promise<ProcessHost> {
  const { signal = new AbortController().signal } = options;
  signal.throwIfAborted();
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await openStreamServer());
  const seat = opened.use(createSpawnerSeat(server, options));
  await seat.take(signal);
  const parts = opened.move();
  const children = new Set<ChildHandle>();
  const closing = new AbortController();
  const refuseWhenClosed = (what: string) => {
    if (closing.signal.aborted) throw new ProcessHostClosedError(what);
  };

  return {
    get children() {
      return [...children];
    },
    get spawnerPid() {
      return seat.current?.pid;
    },
    inspectSandbox: async ({ signal: wanted }) => {
      refuseWhenClosed("Inspecting the sandbox");
      return await abortable((await seat.take(wanted)).inspect(), wanted);
    },
    spawn: async (spec, { signal: wanted }) => {
      checkSpec(spec);
      refuseWhenClosed(`Starting ${JSON.stringify(spec.argv[0])}`);
      const ending = AbortSignal.any([wanted, closing.signal]);
      ending.throwIfAborted();
      const client = await seat.take(ending);
      const why = (): KillReason => (closing.signal.aborted ? "host-closed" : "abort");
      const handle = await startChild(spec, { server, client, signal: ending, why });
      children.add(handle);
      void handle.exited.then(() => children.delete(handle));
      return handle;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort(new ProcessHostClosedError("Starting a child"));
      await Promise.all([...children].map(async ({ exited }) => await exited));
      await parts.disposeAsync();
    },
  };
}

/** The place of the spawner; whoever finds it empty brings in a new one. */
interface SpawnerSeat extends AsyncDisposable {
  readonly current: SpawnerClient | undefined;
  take(signal: AbortSignal): Promise<SpawnerClient>;
}

function createSpawnerSeat(server: StreamServer, options: ProcessHostOptions): SpawnerSeat {
  const { clock = systemClock, logger = silentLogger, useCgroups = true, spawnerFile } = options;
  const opening = createSingleFlight<"spawner", SpawnerClient>();
  const settings = { socket: server.path, useCgroups };
  let current: SpawnerClient | undefined;

  const open = async (signal: AbortSignal) => {
    current = await openSpawnerClient({ file: spawnerFile, settings, clock, logger, signal });
    return current;
  };
  const present = () => (current?.isGone === true ? undefined : current);
  return {
    get current() {
      return present();
    },
    take: async (signal) => present() ?? (await opening.run("spawner", open, { signal })),
    [Symbol.asyncDispose]: async () => await current?.[Symbol.asyncDispose](),
  };
}

interface StartParts {
  readonly server: StreamServer;
  readonly client: SpawnerClient;
  readonly signal: AbortSignal;
  /** Why it is killed when the signal aborts. */
  readonly why: () => KillReason;
}

async function startChild(spec: SpawnSpec, parts: StartParts): Promise<ChildHandle> {
  const { server, client, signal, why } = parts;
  using expected = expectStreams(server, spec.stdio ?? {}, {
    outputBytes: spec.limits?.outputBytes,
    onExceeded: () =>
      client.send({
        type: "kill",
        id: child.id,
        cause: { kind: "limit", limit: "outputBytes" },
        graceMs: 0,
      }),
  });
  signal.throwIfAborted();
  const child = client.start({ spec, tokens: expected.tokens });
  const end = () =>
    client.send({ type: "kill", id: child.id, cause: { kind: "killed", reason: why() } });
  signal.addEventListener("abort", end, { once: true });
  void child.ended.then(() => signal.removeEventListener("abort", end));
  try {
    const started = await child.started;
    signal.throwIfAborted();
    const streams = await abortable(expected.connect(), signal);
    return createChildHandle({ client, child, started, streams });
  } catch (error) {
    end();
    await child.ended;
    throw error;
  }
}
