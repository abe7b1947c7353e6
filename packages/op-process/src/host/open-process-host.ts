import { abortable, createSingleFlight, isOpError, silentLogger, systemClock } from "op-core";
import { ProcessHostClosedError, SpawnError, SpawnerLostError } from "../process-error.ts";
import { checkSpec } from "../spec/check-spec.ts";
import type { KillReason } from "../spec/exit-status.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";
import type { ChildHandle } from "./child-handle.ts";
import { planStreams } from "./connect-streams.ts";
import { createChildHandle } from "./create-child-handle.ts";
import { openSpawnerClient, type SpawnerClient } from "./open-spawner-client.ts";
import { openStreamFolder } from "./stream-folder.ts";
import type { ProcessHost, ProcessHostOptions } from "./process-host.ts";

/**
 * Opens a host: starts its spawner, a small process that forks for this one. Open it before this process grows: forking
 * the spawner is the only time that the size of this process counts.
 */
export async function openProcessHost(options: ProcessHostOptions = {}): Promise<ProcessHost> {
  const { signal = new AbortController().signal } = options;
  signal.throwIfAborted();
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await openStreamFolder());
  const seat = opened.use(createSpawnerSeat(folder.socket, options));
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
      const handle = await startChild(spec, { socket: folder.socket, client, signal: ending, why });
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

function createSpawnerSeat(socket: string, options: ProcessHostOptions): SpawnerSeat {
  const { clock = systemClock, logger = silentLogger, useCgroups = true, spawnerFile } = options;
  const opening = createSingleFlight<"spawner", SpawnerClient>();
  const settings = { socket, useCgroups };
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
  /** Where the spawner takes streams. */
  readonly socket: string;
  readonly client: SpawnerClient;
  readonly signal: AbortSignal;
  /** Why it is killed when the signal aborts. */
  readonly why: () => KillReason;
}

async function startChild(spec: SpawnSpec, parts: StartParts): Promise<ChildHandle> {
  const { socket, client, signal, why } = parts;
  using planned = planStreams(spec.stdio ?? {}, {
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
  const child = client.start({ spec, tokens: planned.tokens });
  const end = () =>
    client.send({ type: "kill", id: child.id, cause: { kind: "killed", reason: why() } });
  signal.addEventListener("abort", end, { once: true });
  void child.ended.then(() => signal.removeEventListener("abort", end));
  try {
    const streams = await planned.connect(socket);
    const started = await child.started;
    signal.throwIfAborted();
    planned.release();
    return createChildHandle({ client, child, started, streams });
  } catch (error) {
    end();
    await child.ended;
    signal.throwIfAborted();
    throw isOpError(error) ? error : explain(error, spec, client);
  }
}

/** Why a child's streams could not be connected. */
function explain(error: unknown, { argv: [program] }: SpawnSpec, { isGone }: SpawnerClient): Error {
  if (isGone) return new SpawnerLostError(`Starting ${JSON.stringify(program)}`, error);
  const detail = error instanceof Error ? error.message : String(error);
  return new SpawnError({ program, reason: "machine-exhausted", detail });
}
