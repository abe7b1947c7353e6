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
import { FirstUse } from "../lazy/first-use.ts";
import { createBuiltInPlugins } from "./built-in-plugins.ts";
import type { Environment } from "../config/environment.ts";
import type { LazyProcesses } from "../processes/lazy-processes.ts";
import { hasServices, openExternalPlugins } from "./external/open-external-plugins.ts";
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
  /** What starts plugins that are programs. */
  readonly processes: LazyProcesses;
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Declared state, open; its engine opens with the first use. */
export interface OpenedState extends AsyncDisposable {
  readonly source: StateSource;
  readonly engine: () => Promise<StateEngine>;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Makes the plugins and what they are offered by. Where the bus cannot be reached, only what needs it fails, until it is there. */
export async function openState(options: OpenStateOptions): Promise<OpenedState> {
  const { systemBusAddress: address, mayLook, clock, logger } = options;
  const names = pluginNames(options);
  await using stack = new AsyncDisposableStack();
  const bus =
    address !== undefined && (names.some(needsBus) || hasServices(options.config))
      ? stack.use(await openBusConnection({ address, clock, logger, isPatient: true }))
      : undefined;
  const builtIn = createBuiltInPlugins(names, { config: options.config, bus });
  const external = stack.use(await openExternalPlugins({ ...options, bus, taken: names }));
  const plugins = [...builtIn, ...external.plugins];
  const engine = new FirstUse(() => openEngine(plugins, options));
  stack.defer(async () => await (await engine.opened())?.[Symbol.asyncDispose]());
  const open = async () => (await engine.get()).engine;
  const source = stack.use(createStateSource({ plugins, engine: open, mayLook, clock, logger }));
  const rest = stack.move();
  return { source, engine: open, [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose]() };
}

interface OpenedEngine extends AsyncDisposable {
  readonly engine: StateEngine;
}

/** Opens the store and the engine on it. */
async function openEngine(
  plugins: readonly StatePlugin[],
  options: OpenStateOptions,
): Promise<OpenedEngine> {
  const { config, directory, onRecovered, clock, logger } = options;
  const { recovery, lockTimeoutMs, history } = config;
  const retention = { maxRecords: history.maxRuns, maxAgeMs: history.maxDays * dayMs };
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await openSqliteStore({ directory }));
  const engine = stack.use(
    await openStateEngine({
      plugins,
      store,
      recovery,
      retention,
      alongside: alongside(plugins, config),
      lockTimeoutMs,
      clock,
      logger,
    }),
  );
  tellRecovered(engine.recovered, options);
  if (engine.recovered.length > 0) onRecovered(engine.recovered);
  const opened = stack.move();
  return { engine, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** What every run saves: nothing where the plugin is not there. */
function alongside(plugins: readonly StatePlugin[], { subvolumes }: StateSettings) {
  if (!plugins.some(({ name }) => name === "subvolumes")) return [];
  return subvolumes.alongside.map((key) => ({ plugin: "subvolumes", key }));
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
