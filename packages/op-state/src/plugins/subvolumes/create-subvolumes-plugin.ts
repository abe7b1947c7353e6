import { dirname, join } from "node:path";
import type { JsonObject } from "op-core";
import { z } from "zod";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type {
  DesiredValue,
  Problem,
  ResourceChange,
  StatePlugin,
} from "../../plugin/state-plugin.ts";
import { lstatIfThere } from "../files/lstat-if-there.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { runBtrfs, setReadOnly, showSubvolume, subvolumesIn } from "./btrfs.ts";
import { isBtrfs, isSubvolume } from "./is-subvolume.ts";
import { restoreSubvolume, SavedSubvolume, saveSubvolume } from "./snapshots.ts";

/** Where subvolumes are managed. */
export interface SubvolumesPluginOptions {
  /** Paths are below it; the machine's own root unless told. */
  readonly root?: string;
  /** How many snapshots are kept of each subvolume; 20 unless told. A checkpoint whose snapshot went cannot be gone back to. */
  readonly keep?: number;
}

/** What can be declared of a subvolume. */
const SubvolumeDesired = z.strictObject({
  readOnly: z.boolean().optional().meta({ description: "Whether nothing in it can be changed." }),
});

const pathPattern = String.raw`(?:/(?!\.{1,2}(?:/|$))[^/\u0000\n]+)+`;

/**
 * Makes the plugin of btrfs subvolumes. Its checkpoints are snapshots: going back brings back everything in a subvolume.
 * Name subvolumes to the engine as `alongside`, and every run has a snapshot of them.
 */
export function createSubvolumesPlugin({
  root = "/",
  keep = 20,
}: SubvolumesPluginOptions = {}): StatePlugin {
  const read = async (key: string, signal: AbortSignal) => {
    const path = join(root, key);
    if (!(await isSubvolume(path))) return null;
    const { isReadOnly } = await showSubvolume(resourceId("subvolumes", key), path, signal);
    return { readOnly: isReadOnly };
  };
  return {
    name: "subvolumes",
    version: "1",
    keys: { pattern: pathPattern, meaning: "the absolute path of a btrfs subvolume" },
    schema: jsonSchemaOf(SubvolumeDesired),
    capabilities: { canBeAbsent: true, canWatch: false, makesSnapshots: true },
    query: async (keys, { signal }) => {
      const entries = keys.map(async (key) => {
        const value = await read(key, signal);
        return [key, { value, fingerprint: fingerprintOf(value) }] as const;
      });
      return new Map(await Promise.all(entries));
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => diffSubvolume(one, current.get(one.key)?.value ?? null) ?? []),
    check: async (changes, { signal }) => {
      const problems = changes.map((change) => checkSubvolume(root, change, signal));
      return (await Promise.all(problems)).flat();
    },
    apply: async ({ key, desired }, { signal }) => {
      const [path, resource] = [join(root, key), resourceId("subvolumes", key)];
      const now = await read(key, signal);
      if (desired === null) {
        if (now !== null) await runBtrfs(resource, ["subvolume", "delete", path]);
        return;
      }
      if (now === null) await runBtrfs(resource, ["subvolume", "create", path], signal);
      const { readOnly } = SubvolumeDesired.parse(desired);
      if (readOnly !== undefined) await setReadOnly(resource, path, readOnly);
    },
    checkpoint: async (keys, { signal }) => {
      const saved = new Map<string, SavedSubvolume>();
      for (const key of keys) saved.set(key, await saveSubvolume({ root, key, signal }, keep));
      return saved;
    },
    describe: async (_, saved) => {
      const was = SavedSubvolume.parse(saved);
      if (was === null) return { value: null };
      return { value: { readOnly: was.isReadOnly, contentOf: was.snapshot } };
    },
    rollback: (key, saved, { signal }) =>
      restoreSubvolume({ root, key, signal }, SavedSubvolume.parse(saved)),
  };
}

function diffSubvolume(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
): ResourceChange | undefined {
  const change = { key, desired, isReversible: true, before, requires: [] };
  if (desired === null) {
    if (before === null) return undefined;
    return { ...change, action: "delete", risk: "destructive", after: null };
  }
  const { readOnly = before?.["readOnly"] ?? false } = SubvolumeDesired.parse(desired);
  if (before?.["readOnly"] === readOnly) return undefined;
  const action = before === null ? "create" : "update";
  return { ...change, action, risk: "write", after: { readOnly } };
}

async function checkSubvolume(
  root: string,
  { key, desired, action }: ResourceChange,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const [path, resource] = [join(root, key), resourceId("subvolumes", key)];
  if (process.geteuid?.() !== 0) return [{ resource, reason: "only root may change subvolumes." }];
  if (action === "create") return createProblems(resource, path, key);
  const inside = await subvolumesIn(resource, path, signal);
  const isFree = desired !== null || inside.length === 0;
  const names = inside.slice(0, 5).join(", ");
  return isFree ? [] : [{ resource, reason: `there are subvolumes in it: ${names}.` }];
}

async function createProblems(
  resource: string,
  path: string,
  key: string,
): Promise<readonly Problem[]> {
  if ((await lstatIfThere(path)) !== undefined)
    return [{ resource, reason: "it is there, and is no subvolume." }];
  const parent = dirname(path);
  if ((await lstatIfThere(parent)) === undefined) {
    return [{ resource, reason: `${dirname(key)} does not exist.`, solvedBy: [] }];
  }
  return (await isBtrfs(parent)) ? [] : [{ resource, reason: `${dirname(key)} is not on btrfs.` }];
}
