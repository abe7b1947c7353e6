import { existsSync, type FSWatcher, realpathSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { setImmediate as othersTurn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
  type Clock,
  isJsonObject,
  isOpError,
  type JsonObject,
  type Logger,
  type Timer,
} from "op-core";
import { type ConfigLeaf, configLeaves } from "./config-leaf.ts";
import { valueAt, withValueAt } from "./config-layer.ts";
import { leafValue } from "./effective-values.ts";
import type { LoadedConfig } from "./load-config.ts";
import { isSurelyConfig } from "./conforms.ts";
import type { OpMcpConfig } from "./op-mcp-config.ts";

/** What changed while running. */
export interface ConfigChange {
  /** The configuration now in force: the new values of the live keys over the old ones of all others. */
  readonly config: OpMcpConfig;
  /** The live keys whose values changed, joined by dots. */
  readonly changed: readonly string[];
}

/** What watching takes. */
export interface WatchConfigOptions {
  readonly initial: LoadedConfig;
  /** Every file that could be used, whether it exists or not; see `configPlaces`. */
  readonly candidates: readonly string[];
  /** Reads the whole configuration again. */
  readonly load: () => Promise<LoadedConfig>;
  readonly onChanged: (change: ConfigChange) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long the files must have been quiet: editors write in several steps. */
  readonly quietMs?: number;
}

/** Watching, until it is disposed. */
export interface ConfigWatch extends AsyncDisposable {
  /** Reads again at once; resolves when the outcome is in force. */
  reload(): Promise<void>;
}

/**
 * Reads the configuration again whenever one of its files is written, replaced, added or removed. What is broken is
 * logged and changes nothing. A changed key that needs a restart is named in a warning, once per value.
 */
export function watchConfig(options: WatchConfigOptions): ConfigWatch {
  return new FileConfigWatch(options);
}

class FileConfigWatch implements ConfigWatch {
  readonly #options: WatchConfigOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  /** Which names matter in which existing directories. */
  #points: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #inForce: OpMcpConfig;
  #seen: OpMcpConfig;
  #timer: Timer | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #isDisposed = false;

  constructor(options: WatchConfigOptions) {
    this.#options = options;
    this.#inForce = options.initial.config;
    this.#seen = options.initial.config;
    this.#watchDirectories();
  }

  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#read());
    return this.#reloading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#timer?.[Symbol.dispose]();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    await this.#reloading;
  }

  async #read(): Promise<void> {
    if (this.#isDisposed) return;
    this.#watchDirectories();
    try {
      const { config } = await this.#options.load();
      // A long configuration takes a while at each step: calls go between them.
      await othersTurn();
      await this.#apply(config);
    } catch (error) {
      const advice = isOpError(error) ? error.advice : undefined;
      this.#options.logger.error("The changed configuration is not used; the old one stays.", {
        problem: error instanceof Error ? error.message : String(error),
        ...(advice === undefined ? {} : { advice }),
      });
    }
  }

  async #apply(next: OpMcpConfig): Promise<void> {
    if (this.#isDisposed) return;
    const { logger, onChanged } = this.#options;
    const changed = changedLeaves(this.#inForce, next);
    const news = this.#seen === this.#inForce ? changed : changedLeaves(this.#seen, next);
    this.#seen = next;
    const needsRestart = news.filter((leaf) => !leaf.isLive);
    if (needsRestart.length > 0) {
      const keys = needsRestart.map((leaf) => leaf.path);
      logger.warn("Some changed keys take effect only after a restart.", { keys });
    }
    const live = changed.filter((leaf) => leaf.isLive);
    if (live.length === 0) return;
    const isWhole = live.length === changed.length;
    this.#inForce = isWhole ? next : await mix(this.#inForce, next);
    await othersTurn();
    if (this.#isDisposed) return;
    const keys = live.map((leaf) => leaf.path);
    logger.info("The configuration changed.", { keys });
    onChanged({ config: this.#inForce, changed: keys });
  }

  #onEvent(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#options.clock.startTimer(this.#options.quietMs ?? 100, () => {
      void this.reload();
    });
    this.#timer.unref();
  }

  /**
   * Directories are watched, not files, because a file that is replaced takes its watch along. Where a directory is
   * missing, the nearest one above it tells when it appears.
   */
  #watchDirectories(): void {
    this.#points = watchPoints(this.#options.candidates);
    for (const [directory, watcher] of this.#watchers) {
      if (this.#points.has(directory)) continue;
      watcher.close();
      this.#watchers.delete(directory);
    }
    for (const directory of this.#points.keys()) {
      if (!this.#watchers.has(directory)) this.#watchDirectory(directory);
    }
  }

  #watchDirectory(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        const isOurs = name === null || this.#points.get(directory)?.has(name) === true;
        if (isOurs) this.#onEvent();
      });
      watcher.on("error", () => {
        watcher.close();
        this.#watchers.delete(directory);
      });
      this.#watchers.set(directory, watcher);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#options.logger.debug("A directory cannot be watched.", { directory, problem });
    }
  }
}

/**
 * What is live as it is now, and the rest as it was; the schema is loaded only where it is needed to be sure of the
 * whole.
 */
async function mix(before: OpMcpConfig, now: OpMcpConfig): Promise<OpMcpConfig> {
  const values = configLeaves().reduce<JsonObject>(
    (all, leaf) => withValueAt(all, leaf.keys, leafValue(leaf.isLive ? now : before, leaf)),
    {},
  );
  if (isSurelyConfig(values)) return values;
  return (await import("./check-layers.ts")).completeConfig(values);
}

/** Looked at where it is: a copy of the whole configuration costs more than to compare it. */
function valueOf(config: OpMcpConfig, { keys }: ConfigLeaf): unknown {
  return isJsonObject(config) ? valueAt(config, keys) : undefined;
}

function changedLeaves(before: OpMcpConfig, after: OpMcpConfig): readonly ConfigLeaf[] {
  return configLeaves().filter(
    (leaf) => !isDeepStrictEqual(valueOf(before, leaf), valueOf(after, leaf)),
  );
}

/** Which names matter in which existing directories. */
function watchPoints(candidates: readonly string[]): Map<string, Set<string>> {
  const points = new Map<string, Set<string>>();
  const add = (file: string): void => {
    let path = file;
    while (!existsSync(dirname(path))) path = dirname(path);
    const names = points.get(dirname(path)) ?? new Set();
    points.set(dirname(path), names.add(basename(path)));
  };
  for (const file of candidates) {
    add(file);
    if (existsSync(file)) add(realpathSync(file));
  }
  return points;
}
