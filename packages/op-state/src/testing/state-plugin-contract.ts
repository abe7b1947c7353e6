import assert from "node:assert/strict";
import type { JsonValue } from "op-core";
import { z } from "zod";
import { resourceId } from "../plugin/resource-id.ts";
import type { DesiredValue, StatePlugin } from "../plugin/state-plugin.ts";
import type { ContractCase } from "./contract-case.ts";

/** A plugin under test on a system of its own. */
export interface PluginHarness extends AsyncDisposable {
  readonly plugin: StatePlugin;
  /** Desired states to reach one after the other; each names the same resources. */
  readonly states: readonly (readonly DesiredValue[])[];
  /** The system as others see it, not through the plugin: what rollback is measured by. */
  readonly look: () => Promise<JsonValue>;
  /** Changes one of the resources by hand. */
  readonly disturb: () => Promise<void>;
}

const signal = new AbortController().signal;
const quiet = { signal, progress: () => undefined };

/** What every {@link StatePlugin} promises, as cases for any test runner. `open` makes a plugin and its system anew. */
export function statePluginContract(open: () => Promise<PluginHarness>): readonly ContractCase[] {
  return [
    { name: "describes itself", check: () => withHarness(open, checkDescription) },
    { name: "answers for every key", check: () => withHarness(open, checkQuery) },
    { name: "reaches what is desired, and then has nothing to do", check: () => each(open) },
    { name: "can be interrupted and apply again", check: () => withHarness(open, checkRepeat) },
    { name: "brings back what was saved, twice", check: () => withHarness(open, checkRollback) },
    { name: "sees what others change", check: () => withHarness(open, checkDisturbance) },
    { name: "changes nothing while it looks", check: () => withHarness(open, checkLooking) },
    { name: "tells of changes while it watches", check: () => withHarness(open, checkWatch) },
  ];
}

/** Applies what differs from a desired state; fails unless that reaches it and a second plan is empty. */
export async function reach(plugin: StatePlugin, desired: readonly DesiredValue[]): Promise<void> {
  for (const change of await changesFor(plugin, desired)) await plugin.apply(change, quiet);
  assert.deepEqual(await changesFor(plugin, desired), [], "a second plan is not empty");
  const problems = (await plugin.verify?.(desired, { signal })) ?? [];
  assert.deepEqual(problems, [], "verify finds problems");
}

/** Reaches a desired state and goes back; fails unless the system is then as it was. */
export async function reachAndReturn(
  harness: Pick<PluginHarness, "plugin" | "look">,
  desired: readonly DesiredValue[],
): Promise<void> {
  const { plugin, look } = harness;
  const keys = desired.map(({ key }) => key);
  const before = await look();
  const saved = await plugin.checkpoint(keys, { signal });
  await reach(plugin, desired);
  for (const key of keys.toReversed()) await restore(plugin, key, saved.get(key));
  assert.deepEqual(await look(), before, "rollback does not bring back what was there");
}

async function changesFor(plugin: StatePlugin, desired: readonly DesiredValue[]) {
  const current = await plugin.query(keysOf(desired), { signal });
  return plugin.diff(desired, current, { signal });
}

async function restore(plugin: StatePlugin, key: string, saved: JsonValue | undefined) {
  assert.notEqual(saved, undefined, `nothing was saved of ${key}`);
  // It goes through a store.
  const stored: JsonValue = z.json().parse(JSON.parse(JSON.stringify(saved)));
  await plugin.rollback(key, stored, { signal });
}

function keysOf(desired: readonly DesiredValue[]): string[] {
  return desired.map(({ key }) => key);
}

async function withHarness(
  open: () => Promise<PluginHarness>,
  check: (harness: PluginHarness) => Promise<void>,
): Promise<void> {
  await using harness = await open();
  await check(harness);
}

async function checkDescription({ plugin, states }: PluginHarness): Promise<void> {
  assert.match(plugin.name, /^[a-z][a-z0-9-]*$/u);
  assert.notEqual(plugin.version, "");
  const schema = z.fromJSONSchema(plugin.schema);
  const keys = new RegExp(`^(?:${plugin.keys.pattern})$`, "u");
  for (const { key, desired } of states.flat()) {
    assert.match(key, keys);
    if (desired !== null) assert.equal(schema.safeParse(desired).success, true);
    if (desired === null) assert.equal(plugin.capabilities.canBeAbsent, true);
  }
  assert.equal(plugin.capabilities.canWatch, plugin.watch !== undefined);
}

async function checkQuery({ plugin, states }: PluginHarness): Promise<void> {
  const keys = keysOf(states[0] ?? []);
  const first = await plugin.query(keys, { signal });
  const second = await plugin.query(keys, { signal });
  assert.deepEqual([...first.keys()].toSorted(), keys.toSorted());
  assert.deepEqual([...second], [...first], "the same system gives another answer");
}

async function each(open: () => Promise<PluginHarness>): Promise<void> {
  await using harness = await open();
  for (const desired of harness.states) await reach(harness.plugin, desired);
}

async function checkRepeat({ plugin, states }: PluginHarness): Promise<void> {
  for (const desired of states) {
    const changes = await changesFor(plugin, desired);
    for (const change of changes) {
      await plugin.apply(change, quiet);
      await plugin.apply(change, quiet);
    }
    assert.deepEqual(await changesFor(plugin, desired), []);
  }
}

async function checkRollback(harness: PluginHarness): Promise<void> {
  for (const desired of harness.states) {
    await reachAndReturn(harness, desired);
    const saved = await harness.plugin.checkpoint(keysOf(desired), { signal });
    const before = await harness.look();
    await checkShown(harness.plugin, saved);
    for (const key of keysOf(desired)) await restore(harness.plugin, key, saved.get(key));
    assert.deepEqual(
      await harness.look(),
      before,
      "a rollback with nothing to do changes something",
    );
    await reach(harness.plugin, desired);
  }
}

/** People are shown what was saved as they see what is there, perhaps with more. */
async function checkShown(
  plugin: StatePlugin,
  saved: ReadonlyMap<string, JsonValue>,
): Promise<void> {
  const current = await plugin.query([...saved.keys()], { signal });
  for (const [key, state] of saved) {
    const shown = await plugin.describe?.(key, state, { signal });
    const now = current.get(key)?.value ?? null;
    if (shown === undefined) continue;
    const whole = now === null || shown.value === null ? now : { ...shown.value, ...now };
    assert.deepEqual(shown.value, whole, `what was saved of ${key} is shown in another way`);
  }
}

async function checkDisturbance(harness: PluginHarness): Promise<void> {
  const { plugin, states } = harness;
  const desired = states[0] ?? [];
  await reach(plugin, desired);
  const before = await plugin.query(keysOf(desired), { signal });
  await harness.disturb();
  const after = await plugin.query(keysOf(desired), { signal });
  const prints = (map: typeof before) => [...map.values()].map(({ fingerprint }) => fingerprint);
  assert.notDeepEqual(prints(after), prints(before), "no fingerprint tells of the change");
  assert.notDeepEqual(await changesFor(plugin, desired), [], "the plan is empty");
  await reach(plugin, desired);
}

async function checkLooking({ plugin, states, look }: PluginHarness): Promise<void> {
  const before = await look();
  for (const desired of states) {
    const changes = await changesFor(plugin, desired);
    for (const { requires } of changes) {
      for (const id of requires) assert.notEqual(id, resourceId(plugin.name, ""));
    }
    await plugin.check?.(changes, { signal });
    await plugin.checkpoint(keysOf(desired), { signal });
  }
  assert.deepEqual(await look(), before);
}

async function checkWatch(harness: PluginHarness): Promise<void> {
  const { plugin, states } = harness;
  if (plugin.watch === undefined) return;
  const desired = states[0] ?? [];
  await reach(plugin, desired);
  const stop = new AbortController();
  const events = plugin.watch(keysOf(desired), { signal: stop.signal })[Symbol.asyncIterator]();
  const watched = new Set<unknown>();
  for (const _ of desired) watched.add((await events.next()).value);
  assert.deepEqual(watched, new Set(keysOf(desired)), "not every key is watched");
  await harness.disturb();
  const { value } = await events.next();
  assert.equal(watched.has(value), true, `${String(value)} is not watched`);
  stop.abort();
  await events.return?.();
}
