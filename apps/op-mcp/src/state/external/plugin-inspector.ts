import { formatError, type Clock, type JsonValue, type Logger } from "op-core";
import { openBusConnection } from "op-dbus";
import type { DesiredValue, StatePlugin } from "op-state";
import { statePluginContract, type PluginHarness } from "op-state/testing";
import type { Environment } from "../../config/environment.ts";
import { createLazyProcesses } from "../../processes/lazy-processes.ts";
import type { ExternalPluginConfig } from "./external-plugin-config.ts";
import {
  checkName,
  openExternalPlugin,
  type ExternalPlugin,
  type ExternalPluginParts,
} from "./open-external-plugin.ts";
import { findPluginServices } from "./find-plugin-services.ts";

/** What inspecting takes. */
export interface PluginInspectorOptions {
  readonly systemBusAddress: string | undefined;
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How a plugin of somebody else is. */
export interface PluginReport {
  readonly name: string;
  readonly version?: string;
  readonly keys?: string;
  readonly problem?: string;
}

/** How a case of the contract suite went. */
export interface CaseReport {
  readonly name: string;
  readonly problem?: string;
}

/** Opens plugins of others one by one, to look at them and to check them. */
export interface PluginInspector extends AsyncDisposable {
  /** What a plugin says of itself. Rejects where it cannot be opened. */
  describe(where: ExternalPluginConfig): Promise<PluginReport>;
  /** The same of a plugin that is configured; never rejects. */
  report(name: string, where: ExternalPluginConfig): Promise<PluginReport>;
  /** Services of the bus that run and are plugins. */
  findServices(signal: AbortSignal): Promise<readonly string[]>;
  /** States that the plugin names for those who check it. */
  examples(name: string, where: ExternalPluginConfig): Promise<PluginStates>;
  /**
   * Runs the contract suite against a plugin, with the real machine as its system; what it changes it brings back.
   *
   * @yields each case as soon as it is known
   */
  check(name: string, where: ExternalPluginConfig, states: PluginStates): AsyncIterable<CaseReport>;
}

/** States to reach one after the other; each names the same resources. */
export type PluginStates = readonly (readonly DesiredValue[])[];

/** Prepares; the bus is connected to, and programs are started, when they are needed. */
export async function openPluginInspector(
  options: PluginInspectorOptions,
): Promise<PluginInspector> {
  const { systemBusAddress: address, clock, logger } = options;
  await using stack = new AsyncDisposableStack();
  const processes = stack.use(createLazyProcesses({ clock, logger }));
  const bus =
    address === undefined
      ? undefined
      : stack.use(await openBusConnection({ address, clock, logger }));
  const parts: ExternalPluginParts = { ...options, bus, processes };
  const rest = stack.move();
  return {
    describe: async (where) => {
      await using opened = await openExternalPlugin(where.target[0] ?? "", where, parts);
      return describe(opened.plugin);
    },
    report: async (name, where) => {
      try {
        await using opened = await openExternalPlugin(name, where, parts);
        checkName(opened.plugin, name, []);
        return describe(opened.plugin);
      } catch (error) {
        return { name, problem: formatError(error) };
      }
    },
    findServices: (signal) =>
      bus === undefined ? Promise.resolve([]) : findPluginServices(bus, signal),
    examples: async (name, where) => {
      await using opened = await openExternalPlugin(name, where, parts);
      return opened.examples;
    },
    check: (name, where, states) => check(() => openExternalPlugin(name, where, parts), states),
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}

function describe({ name, version, keys }: StatePlugin): PluginReport {
  return { name, version, keys: keys.meaning };
}

async function* check(
  open: () => Promise<ExternalPlugin>,
  states: PluginStates,
): AsyncGenerator<CaseReport> {
  for (const { name, check: run } of statePluginContract(() => openHarness(open, states))) {
    try {
      await run();
      yield { name };
    } catch (error) {
      yield { name, problem: formatError(error) };
    }
  }
}

const signal = new AbortController().signal;

/** The plugin itself is how the machine is seen: nobody else knows what it manages. */
async function openHarness(
  open: () => Promise<ExternalPlugin>,
  states: PluginStates,
): Promise<PluginHarness> {
  await using stack = new AsyncDisposableStack();
  const { plugin } = stack.use(await open());
  const keys = [...new Set(states.flat().map(({ key }) => key))];
  const saved = await plugin.checkpoint(keys, { signal });
  stack.defer(() => bringBack(plugin, saved));
  const rest = stack.move();
  return {
    plugin,
    states,
    look: () => look(plugin, keys),
    disturb: async () => {
      const [, other] = states;
      if (other === undefined) await bringBack(plugin, saved);
      else await reachFirst(plugin, other);
    },
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}

async function look(plugin: StatePlugin, keys: readonly string[]): Promise<JsonValue> {
  const states = await plugin.query(keys, { signal });
  return Object.fromEntries(keys.map((key) => [key, states.get(key)?.value ?? null]));
}

async function bringBack(
  plugin: StatePlugin,
  saved: ReadonlyMap<string, JsonValue>,
): Promise<void> {
  for (const [key, state] of [...saved].toReversed()) await plugin.rollback(key, state, { signal });
}

/** Makes one of the changes to another state, as somebody else might. */
async function reachFirst(plugin: StatePlugin, desired: readonly DesiredValue[]): Promise<void> {
  const current = await plugin.query(
    desired.map(({ key }) => key),
    { signal },
  );
  const [change] = await plugin.diff(desired, current, { signal });
  if (change !== undefined) await plugin.apply(change, { signal, progress: () => undefined });
}
