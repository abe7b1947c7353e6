import { statSync } from "node:fs";
import { setImmediate as othersTurn } from "node:timers/promises";
import { systemClock, type Timer } from "op-core";
import { configPlaces } from "../config/config-files.ts";
import { loadConfig, type LoadConfigOptions, type LoadedConfig } from "../config/load-config.ts";
import type { OpMcpConfig } from "../config/op-mcp-config.ts";
import type { ConfigWatch } from "../config/watch-config.ts";
import type { ProcessLogger } from "../logging/create-logger.ts";
import type { System } from "./open-system.ts";

/** What following the configuration takes. */
export interface FollowConfigOptions {
  readonly loaded: LoadedConfig;
  /** When it was loaded, or later; now unless told. */
  readonly loadedAtMs?: number;
  readonly options: LoadConfigOptions;
  readonly log: ProcessLogger;
  readonly system: Pick<System, "access" | "upstreams" | "toolbox">;
  /** Told of each new configuration, for what is not part of the system. */
  readonly onChanged?: (config: OpMcpConfig) => void;
}

/** The first requests go before it. */
const headStartMs = 500;

/** Reading the configuration took less, so that what was saved later than this before now may not have been read. */
const readingMs = 1000;

class ConfigFollower implements AsyncDisposable {
  readonly #parts: FollowConfigOptions;
  readonly #timer: Timer;
  readonly #beganAt: number;
  #watch: Promise<ConfigWatch> | undefined;

  constructor(parts: FollowConfigOptions) {
    this.#parts = parts;
    this.#beganAt = parts.loadedAtMs ?? systemClock.now();
    this.#timer = systemClock.startTimer(headStartMs, () => {
      this.#watch = this.#start();
      this.#watch.catch((error: unknown) =>
        parts.log.logger.warn("the configuration is not followed", { error }),
      );
    });
    this.#timer.unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    const watch = await this.#watch?.catch(() => undefined); // Told in the log when it happened.
    await watch?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<ConfigWatch> {
    const { loaded, options, log, system, onChanged } = this.#parts;
    const { watchConfig } = await import("../config/watch-config.ts");
    const candidates = configPlaces(options).flatMap((place) => place.candidates);
    const watch = watchConfig({
      initial: loaded,
      candidates,
      load: () => loadConfig({ ...options, pause: othersTurn }),
      onChanged: ({ config }) => {
        log.setLevel(config.log.level);
        system.access.replacePolicy(config.policy);
        onChanged?.(config);
        system.upstreams.apply(config.upstreams, system.toolbox).catch((error: unknown) => {
          log.logger.error("not every change of the servers is in force", { error });
        });
      },
      clock: systemClock,
      logger: log.logger,
    });
    // Nobody watched during the head start.
    const gone = loaded.files.some(({ file }) => changedAt(file) === undefined);
    const isSaved = (file: string): boolean => (changedAt(file) ?? 0) > this.#beganAt - readingMs;
    if (gone || candidates.some(isSaved)) await watch.reload();
    return watch;
  }
}

/** When a file was last written or put in its place; `undefined` where there is none that can be read. */
function changedAt(file: string): number | undefined {
  try {
    return statSync(file).ctimeMs;
  } catch {
    return undefined;
  }
}

/** Puts changes of the configuration's files into force while serving, as far as that needs no restart. */
export function followConfig(parts: FollowConfigOptions): AsyncDisposable {
  return new ConfigFollower(parts);
}
