import { openBusConnection } from "op-dbus";
import type { Clock, Logger } from "op-core";
import {
  openSqliteStore,
  openStateEngine,
  type RecoveredRun,
  type StateEngine,
  type StatePlugin,
} from "op-state";
import { createStateSource, type StateSource } from "op-state/tools";
import type { Principal } from "op-tools";
import { createBuiltInPlugins } from "./built-in-plugins.ts";
import { needsBus, pluginNames } from "./plugin-names.ts";
import type { StateSettings } from "./state-settings.ts";

/** What declared state is opened with. */
export interface OpenStateOptions {
  readonly config: StateSettings;
  /** Where journal, checkpoints and history are kept. */
  readonly directory: string;
  /** Where the system's bus is; without it the plugins that need one are left out. */
  readonly systemBusAddress: string | undefined;
  /** Who may see the state of a plugin. */
  readonly mayLook: (principal: Principal, plugin: string) => boolean;
  /** Is told of runs that were found half done. */
  readonly onRecovered: (runs: readonly RecoveredRun[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Declared state, open; its engine opens with the first use. */
export interface OpenedState extends AsyncDisposable {
  readonly source: StateSource;
  readonly engine: () => Promise<StateEngine>;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Makes the plugins and what they are offered by. Rejects where the bus cannot be reached. */
export async function openState(options: OpenStateOptions): Promise<OpenedState> {
  const { systemBusAddress: address, mayLook, clock, logger } = options;
  const names = pluginNames(options);
  await using stack = new AsyncDisposableStack();
  const bus =
    address !== undefined && names.some(needsBus)
      ? stack.use(await openBusConnection({ address, clock, logger }))
      : undefined;
  const plugins = createBuiltInPlugins(names, bus);
  const engine = stack.use(new LazyEngine(plugins, options));
  const open = () => engine.open();
  const source = stack.use(createStateSource({ plugins, engine: open, mayLook, clock, logger }));
  const rest = stack.move();
  return { source, engine: open, [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose]() };
}

/** Opens store and engine with their first use; when that fails, with the next. */
class LazyEngine implements AsyncDisposable {
  readonly #plugins: readonly StatePlugin[];
  readonly #options: OpenStateOptions;
  readonly #stack = new AsyncDisposableStack();
  #opening: Promise<StateEngine> | undefined;

  constructor(plugins: readonly StatePlugin[], options: OpenStateOptions) {
    this.#plugins = plugins;
    this.#options = options;
  }

  open(): Promise<StateEngine> {
    this.#opening ??= this.#openAnew().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening?.catch(() => undefined); // Told to whoever wanted to use it.
    await this.#stack.disposeAsync();
  }

  async #openAnew(): Promise<StateEngine> {
    const { config, directory, onRecovered, clock, logger } = this.#options;
    const { recovery, lockTimeoutMs, history } = config;
    const retention = { maxRecords: history.maxRuns, maxAgeMs: history.maxDays * dayMs };
    const plugins = this.#plugins;
    await using opened = new AsyncDisposableStack();
    const store = opened.use(await openSqliteStore({ directory }));
    const engine = opened.use(
      await openStateEngine({ plugins, store, recovery, retention, lockTimeoutMs, clock, logger }),
    );
    tellRecovered(engine.recovered, this.#options);
    if (engine.recovered.length > 0) onRecovered(engine.recovered);
    this.#stack.use(opened.move());
    return engine;
  }
}

function tellRecovered(runs: readonly RecoveredRun[], { logger }: OpenStateOptions): void {
  for (const { record, outcome, error } of runs) {
    const { id: run, kind, who, why } = record;
    const words = {
      finished: "a run that was interrupted was finished",
      undone: "a run that was interrupted was taken back",
      unfinished: "a run that was interrupted could not be brought to an end",
    } as const;
    const fields = { run, kind, who, why, ...(error === undefined ? {} : { error }) };
    logger.warn(words[outcome], fields);
  }
}
