import { fork } from "node:child_process";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { abortable, type Logger } from "op-core";
import { SpawnerLostError } from "../process-error.ts";
import { sendSignal } from "../processes/send-signal.ts";
import { formatSpawnerArguments } from "../spawner/spawner-arguments.ts";
import {
  isNews,
  type SpawnerNews,
  type SpawnerOrder,
  type SpawnerSettings,
} from "../spawner/spawner-message.ts";

/** A spawner that runs. Disposing ends it, and all its children with it. */
export interface Spawner extends AsyncDisposable {
  readonly pid: number;
  /** The cgroup that all its children are below. */
  readonly cgroup: string | null;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  send(order: SpawnerOrder): void;
  /** Ends it although it does not answer. */
  kill(): void;
}

/** What starting a spawner takes. */
export interface SpawnerOptions {
  readonly file: string | undefined;
  readonly settings: SpawnerSettings;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onNews: (news: SpawnerNews) => void;
}

/** Starts a spawner and resolves when it takes orders. */
export async function openSpawner(options: SpawnerOptions): Promise<Spawner> {
  const { settings, logger, signal, onNews } = options;
  const file = options.file ?? ownFile();
  const child = fork(file, formatSpawnerArguments(settings), {
    // From source, packages find each other by this condition.
    execArgv: [...smallHeap, ...(file.endsWith(".ts") ? ["--conditions=@op-mcp/source"] : [])],
    env: {},
    cwd: "/",
    // What stops this process by its group, such as Ctrl-C, must not stop the one that cleans up behind it.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const ended = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<{ readonly cgroup: string | null }>();
  child.once("exit", () => ended.resolve());
  child.once("error", (cause) => {
    ready.reject(new SpawnerLostError("Starting the spawner", cause));
    ended.resolve();
  });
  child.on("message", (message) => {
    if (!isNews(message)) return;
    if (message.type === "ready") ready.resolve(message);
    else onNews(message);
  });
  if (child.stderr !== null) {
    createInterface(child.stderr).on("line", (line) => logger.warn("spawner", { line }));
  }
  void ended.promise.then(() => ready.reject(new SpawnerLostError("Starting the spawner")));
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) sendSignal(child.pid, "SIGKILL");
  };
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended.promise;
  };
  try {
    const { cgroup } = await abortable(ready.promise, signal);
    return {
      pid: child.pid ?? 0,
      cgroup,
      ended: ended.promise,
      // An order that reaches nobody is answered by the end of the spawner.
      send: (order) => void child.send(order, () => undefined),
      kill,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps the spawner small: it forks for every child, and lives as long as its host. */
const smallHeap = ["--max-semi-space-size=1"];

/** The program beside this module, with the same ending: as source, built or bundled. */
function ownFile(): string {
  return fileURLToPath(new URL(`../spawner/main${extname(import.meta.url)}`, import.meta.url));
}
