import type { Logger } from "op-core";
import { createManualClock, type ManualClock } from "op-core/testing";
import {
  createToolRegistry,
  openDiscovery,
  ToolNotFoundError,
  type Discovery,
  type RegistryEvent,
  type ToolRegistry,
  type ToolSource,
} from "../../src/index.ts";

/** A source that lists as told and loads nothing. */
export function listing(
  name: string,
  list: ToolSource["list"],
  more: Partial<ToolSource> = {},
): ToolSource {
  return {
    name,
    list,
    load: (wanted) => Promise.reject(new ToolNotFoundError(wanted)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...more,
  };
}

export interface TestDiscovery extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly registry: ToolRegistry;
  readonly events: RegistryEvent[];
  readonly discovery: Discovery;
}

/** Discovery under a clock that is moved by hand, and what the registry told. */
export function open(
  sources: readonly ToolSource[],
  more: { manifestPath?: string; listTimeoutMs?: number; logger?: Logger } = {},
): TestDiscovery {
  const clock = createManualClock();
  const registry = createToolRegistry();
  const events: RegistryEvent[] = [];
  registry.onEvent((event) => void events.push(event));
  const discovery = openDiscovery({ sources, registry, clock, ...more });
  return {
    clock,
    registry,
    events,
    discovery,
    async [Symbol.asyncDispose](): Promise<void> {
      await discovery[Symbol.asyncDispose]();
    },
  };
}

/** Lets everything go on that waits for nothing else. */
export const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
