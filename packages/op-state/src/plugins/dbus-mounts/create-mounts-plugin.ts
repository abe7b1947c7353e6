import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { BusConnection } from "op-dbus";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type { StatePlugin } from "../../plugin/state-plugin.ts";
import { StateChangeError } from "../../state-error.ts";
import { createUnitBus, type TransientMount, type UnitBus } from "../dbus-units/unit-bus.ts";
import { readEntry } from "../files/file-snapshot.ts";
import { codeOf, openFolder } from "../files/open-folder.ts";
import { placeLine } from "../files/placed-line.ts";
import { place } from "../files/place-file.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { checkMounts } from "./check-mounts.ts";
import { diffMount, goalOf, isToUnmount } from "./diff-mount.ts";
import { formatFstabLine, nameOfFstabLine, parseFstabLine } from "./fstab.ts";
import { MountDesired, parseMountDesired } from "./mount-desired.ts";
import { MountSnapshot, readFstab, readMounts, toMountValue } from "./mount-state.ts";
import { mountUnit } from "./mount-unit.ts";
import { mountUsers } from "./mount-users.ts";
import { watchMounts } from "./watch-mounts.ts";

/** Which machine is meant. */
export interface MountsPluginOptions {
  readonly bus: BusConnection;
  /** Where that machine's files are; this machine's own root unless told. */
  readonly root?: string;
}

/** Absolute, without empty parts, `.` and `..`; the root itself is not managed. */
const pathPattern = String.raw`(?:/(?!\.{1,2}(?:/|$))[^/\u0000\n]+)+`;

interface Tools {
  readonly units: UnitBus;
  readonly root: string;
  readonly signal: AbortSignal;
}

/**
 * Makes the plugin of mounts: what `/etc/fstab` says, and what is mounted. systemd mounts and unmounts; a file system that
 * somebody uses is never unmounted, and who uses it is said.
 */
export function createMountsPlugin({ bus, root = "/" }: MountsPluginOptions): StatePlugin {
  const units = createUnitBus(bus);
  return {
    name: "mounts",
    version: "1",
    keys: { pattern: pathPattern, meaning: "the absolute path that something is mounted at" },
    schema: jsonSchemaOf(MountDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: async (keys) => {
      const snapshots = await readMounts(root, keys);
      return new Map(
        [...snapshots].map(([key, snapshot]) => {
          const value = toMountValue(snapshot);
          return [key, { value, fingerprint: fingerprintOf(value) }];
        }),
      );
    },
    diff: async (desired, current) => {
      const snapshots = await readMounts(
        root,
        desired.map(({ key }) => key),
      );
      return desired.flatMap((one) => {
        const line = snapshots.get(one.key)?.entry?.line ?? "";
        const value = current.get(one.key)?.value ?? null;
        return diffMount(one, value, parseFstabLine(line)) ?? [];
      });
    },
    check: (changes) => checkMounts(root, changes),
    apply: async ({ key, desired }, { signal }) => {
      const tools = { units, root, signal };
      const now = await readMount(root, key);
      const entry = parseFstabLine(now.entry?.line ?? "");
      const goal = desired === null ? undefined : goalOf(key, parseMountDesired(desired), entry);
      const value = toMountValue(now) ?? {};
      const isGoing = goal === undefined ? now.live !== null : isToUnmount(value, goal);
      if (isGoing) await run(tools, "StopUnit", key);
      const line = goal === undefined ? null : formatFstabLine(goal.entry);
      await editFstab(tools, (lines) => withEntry(lines, key, line));
      if (goal?.isMounted !== true) return;
      const { source, type, options } = goal.entry;
      await bringUp(tools, key, { source, type, options: options.join(",") });
    },
    checkpoint: (keys) => readMounts(root, keys),
    describe: async (_, saved) => ({ value: toMountValue(MountSnapshot.parse(saved)) }),
    rollback: async (key, saved, { signal }) =>
      restore({ units, root, signal }, key, MountSnapshot.parse(saved)),
    watch: (keys, { signal }) => watchMounts({ bus, root, keys }, signal),
  };
}

async function readMount(root: string, key: string): Promise<MountSnapshot> {
  const snapshot = (await readMounts(root, [key])).get(key);
  return snapshot ?? { entry: null, live: null, hasFolder: false };
}

const done = { StopUnit: "unmounted", StartUnit: "mounted", ReloadUnit: "mounted anew" };

function run(tools: Tools, job: keyof typeof done, target: string): Promise<void> {
  return attempt(tools, done[job], target, () =>
    tools.units.run(job, mountUnit(target), tools.signal),
  );
}

async function attempt(
  { root, signal }: Tools,
  what: string,
  target: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    const users = what === done.StopUnit ? await mountUsers(root, target) : [];
    const used = users.length === 0 ? "" : ` It is used by ${users.slice(0, 5).join(", ")}.`;
    const advice = `Read its log: journalctl -u ${mountUnit(target)}.`;
    const reason = `it could not be ${what}.${used}`;
    throw new StateChangeError(resourceId("mounts", target), reason, { advice, cause: error });
  }
}

/** Mounts it, or mounts it anew. In a container systemd leaves out what fstab says of devices: then it is told. */
async function bringUp(tools: Tools, target: string, mount: TransientMount): Promise<void> {
  const { units, root, signal } = tools;
  const isThere = (await readMount(root, target)).live !== null;
  if (await units.isDescribed(mountUnit(target), signal)) {
    await run(tools, isThere ? "ReloadUnit" : "StartUnit", target);
    return;
  }
  if (isThere) await run(tools, "StopUnit", target);
  await attempt(tools, "mounted", target, () =>
    units.mount(mountUnit(target), mount, tools.signal),
  );
}

function mountOf({ entry }: MountSnapshot, live: TransientMount): TransientMount {
  const parsed = parseFstabLine(entry?.line ?? "");
  return parsed === undefined ? live : { ...parsed, options: parsed.options.join(",") };
}

async function editFstab(
  { units, root, signal }: Tools,
  edit: (lines: readonly string[]) => readonly string[],
): Promise<void> {
  const lines = await readFstab(root);
  const after = edit(lines);
  if (after.join("\n") !== lines.join("\n")) await writeFstab(root, after);
  await units.reload(signal);
}

/** A new entry comes after all others. */
function withEntry(lines: readonly string[], target: string, line: string | null) {
  const index = lines.findIndex((other) => nameOfFstabLine(other) === target);
  if (line === null) return index === -1 ? lines : lines.toSpliced(index, 1);
  return index === -1 ? [...lines, line] : lines.with(index, line);
}

async function writeFstab(root: string, lines: readonly string[]): Promise<void> {
  await using folder = await openFolder(root, ["etc"]);
  if (folder === undefined) throw new StateChangeError("mounts", "there is no /etc.");
  const old = await readEntry(folder, "fstab");
  if (old.type !== "file" && old.type !== "absent") {
    throw new StateChangeError("mounts", `/etc/fstab is no file but a ${old.type}.`);
  }
  const { mode, uid, gid } = old.type === "file" ? old : { mode: 0o644, uid: 0, gid: 0 };
  const content = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  await place(folder, "fstab", { type: "file", content, mode, uid, gid });
}

async function restore(tools: Tools, key: string, saved: MountSnapshot): Promise<void> {
  const { root } = tools;
  const now = await readMount(root, key);
  if (fingerprintOf(now) === fingerprintOf(saved)) return;
  const isOther =
    now.live?.source !== saved.live?.source ||
    now.live?.type !== saved.live?.type ||
    // Without an entry nothing says how it is mounted anew.
    (saved.entry === null && now.live?.options !== saved.live?.options);
  if (now.live !== null && isOther) await run(tools, "StopUnit", key);
  const placement = { name: key, placed: saved.entry, nameOf: nameOfFstabLine };
  await editFstab(tools, (lines) => placeLine(lines, placement));
  if (saved.live !== null) await bringUp(tools, key, mountOf(saved, saved.live));
  if (!saved.hasFolder) await removeFolder(join(root, key));
}

/** systemd made it to mount there. */
async function removeFolder(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EBUSY"].includes(codeOf(error) ?? "")) throw error;
  }
}
