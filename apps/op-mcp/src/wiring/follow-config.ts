import { systemClock, type Timer } from "op-core";
import { configPlaces } from "../config/config-files.ts";
import { loadConfig, type LoadConfigOptions, type LoadedConfig } from "../config/load-config.ts";
import type { ConfigWatch } from "../config/watch-config.ts";
import type { ProcessLogger } from "../logging/create-logger.ts";

/** What following the configuration takes. */
export interface FollowConfigOptions {
  readonly loaded: LoadedConfig;
  readonly options: LoadConfigOptions;
  readonly log: ProcessLogger;
}

/** The first requests go before it. */
const headStartMs = 500;

class ConfigFollower implements AsyncDisposable {
  readonly #parts: FollowConfigOptions;
  readonly #timer: Timer;
  #watch: Promise<ConfigWatch> | undefined;

  constructor(parts: FollowConfigOptions) {
    this.#parts = parts;
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
    const { loaded, options, log } = this.#parts;
    const { watchConfig } = await import("../config/watch-config.ts");
    return watchConfig({
      initial: loaded,
      candidates: configPlaces(options).flatMap(({ candidates }) => candidates),
      load: () => loadConfig(options),
      onChanged: ({ config }) => log.setLevel(config.log.level),
      clock: systemClock,
      logger: log.logger,
    });
  }
}

/** Puts changes of the configuration's files into force while serving, as far as that needs no restart. */
export function followConfig(parts: FollowConfigOptions): AsyncDisposable {
  return new ConfigFollower(parts);
}
