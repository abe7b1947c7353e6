import type { BusConnection } from "op-dbus";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import type { DesiredValue, PluginOptions, StatePlugin } from "../../plugin/state-plugin.ts";
import { createFilesPlugin } from "../files/create-files-plugin.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { checkUnit, diffUnit } from "./diff-unit.ts";
import { createUnitBus } from "./unit-bus.ts";
import { filesOf, parseUnitDesired, UnitDesired } from "./unit-desired.ts";
import { isEnabled, isMasked, readUnit, toUnitValue, UnitSnapshot } from "./unit-state.ts";
import type { UnitReader } from "./unit-state.ts";
import { watchUnits } from "./watch-units.ts";

/** Which systemd is meant. */
export interface UnitsPluginOptions {
  readonly bus: BusConnection;
  /** Where that systemd's files are; the machine's own root unless told. */
  readonly root?: string;
}

const keyPattern = String.raw`[A-Za-z0-9:_.@\\-]{1,240}\.(?:service|socket|timer|path|target|mount|automount|swap|slice)`;

interface UnitTools extends UnitReader {
  readonly files: StatePlugin;
}

/** What a unit is brought to; what is left out is left as it is. */
interface UnitGoal {
  readonly masked?: boolean | undefined;
  readonly enabled?: boolean | undefined;
  readonly active?: boolean | undefined;
  /** Changes files and says whether there was anything to change. */
  readonly changeFiles: () => Promise<boolean>;
}

/**
 * Makes the plugin of systemd's units: enabled, active, masked, drop-ins and units of one's own. A running unit whose files
 * change is started again.
 */
export function createUnitsPlugin({ bus, root = "/" }: UnitsPluginOptions): StatePlugin {
  const files = createFilesPlugin({ root });
  const tools: UnitTools = { units: createUnitBus(bus), root, files };
  const readAll = async (keys: readonly string[], signal: AbortSignal) =>
    new Map(
      await Promise.all(
        keys.map(async (key) => [key, await readUnit(tools, key, signal)] as const),
      ),
    );
  return {
    name: "units",
    version: "1",
    keys: { pattern: keyPattern, meaning: "a unit's whole name, such as nginx.service" },
    schema: jsonSchemaOf(UnitDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: async (keys, { signal }) => {
      const snapshots = await readAll(keys, signal);
      const states = [...snapshots].map(([key, snapshot]) => {
        const value = toUnitValue(key, snapshot);
        return [key, { value, fingerprint: fingerprintOf(value) }] as const;
      });
      return new Map(states);
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => diffUnit(one, current.get(one.key)?.value ?? null) ?? []),
    check: async (changes, options) => {
      const wanted = await Promise.all(
        changes.map((change) => wantedFiles(tools, change, options)),
      );
      const drafts = await filesDiff(files, wanted.flat(), options);
      const ofFiles = (await files.check?.(drafts, options)) ?? [];
      const ofUnits = await Promise.all(
        changes.map(async (change) => {
          const { fileState } = await tools.units.look(change.key, options.signal);
          return checkUnit(change, fileState);
        }),
      );
      return [...ofUnits.flat(), ...ofFiles];
    },
    apply: async (change, options) => {
      const { key, desired } = change;
      const { masked, enabled, active } = parseUnitDesired(desired);
      const changeFiles = async () => {
        const drafts = await filesDiff(files, await wantedFiles(tools, change, options), options);
        for (const draft of drafts) await files.apply(draft, options);
        return drafts.length > 0;
      };
      await bring(tools, key, { masked, enabled, active, changeFiles }, options.signal);
    },
    checkpoint: (keys, { signal }) => readAll(keys, signal),
    describe: async (key, saved) => ({ value: toUnitValue(key, UnitSnapshot.parse(saved)) }),
    rollback: async (key, saved, options) =>
      restore(tools, key, UnitSnapshot.parse(saved), options),
    watch: (keys, { signal }) => watchUnits(bus, keys, signal),
  };
}

/** With a unit, everything goes that an administrator put beside it. */
async function wantedFiles(
  tools: UnitTools,
  { key, desired }: DesiredValue,
  { signal }: PluginOptions,
): Promise<readonly DesiredValue[]> {
  if (desired !== null) return filesOf(key, desired);
  const { files } = await readUnit(tools, key, signal);
  const paths = Object.keys(files).toSorted().toReversed();
  return paths.map((path) => ({ key: path, desired: null }));
}

async function filesDiff(
  files: StatePlugin,
  desired: Parameters<StatePlugin["diff"]>[0],
  options: PluginOptions,
) {
  const current = await files.query(
    desired.map(({ key }) => key),
    options,
  );
  return files.diff(desired, current, options);
}

/** Stops first and starts last, so that nothing runs from files that are half there. */
async function bring(
  tools: UnitTools,
  unit: string,
  goal: UnitGoal,
  signal: AbortSignal,
): Promise<void> {
  const { units } = tools;
  const before = await units.look(unit, signal);
  if (goal.active === false && before.isActive) await units.run("StopUnit", unit, signal);
  if (goal.enabled === false && isEnabled(before)) await units.disable(unit, signal);
  if (goal.masked === false && isMasked(before)) await units.unmask(unit, signal);
  const isChanged = await goal.changeFiles();
  if (goal.masked === true && !isMasked(before)) await units.mask(unit, signal);
  await units.reload(signal);
  const now = await units.look(unit, signal);
  if (goal.enabled === true && !isEnabled(now)) {
    await units.enable(unit, signal);
    await units.reload(signal);
  }
  if (goal.active === true && !now.isActive) await units.run("StartUnit", unit, signal);
  else if (isChanged && now.isActive) await units.run("RestartUnit", unit, signal);
}

async function restore(
  tools: UnitTools,
  unit: string,
  saved: UnitSnapshot,
  options: PluginOptions,
): Promise<void> {
  const { files } = tools;
  const now = await readUnit(tools, unit, options.signal);
  if (fingerprintOf(now) === fingerprintOf(saved)) return;
  const changeFiles = async () => {
    // A link that masks the unit is systemd's own; it was taken away before, or is made after.
    const paths = Object.keys({ ...saved.files, ...now.files }).filter(
      (path) => saved.files[path]?.type !== "symlink" && now.files[path]?.type !== "symlink",
    );
    const gone = paths
      .filter((path) => isGone(saved, path))
      .toSorted()
      .toReversed();
    const kept = paths.filter((path) => !isGone(saved, path)).toSorted();
    for (const path of [...gone, ...kept]) {
      await files.rollback(path, saved.files[path] ?? { type: "absent" }, options);
    }
    return true;
  };
  const masked = isMasked(saved);
  const enabled = masked ? undefined : isEnabled(saved);
  await bring(
    tools,
    unit,
    { masked, enabled, active: saved.isActive, changeFiles },
    options.signal,
  );
}

function isGone(saved: UnitSnapshot, path: string): boolean {
  return (saved.files[path]?.type ?? "absent") === "absent";
}
