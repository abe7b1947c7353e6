import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "op-core";
import { z } from "zod";
import { lstatIfThere } from "../files/lstat-if-there.ts";
import { placedLine, PlacedLine } from "../files/placed-line.ts";
import { readIfThere } from "../files/read-if-there.ts";
import { flagsOf, nameOfFstabLine, parseFstabLine, shownFlags, unescape } from "./fstab.ts";

const Live = z.strictObject({ source: z.string(), type: z.string(), options: z.string() });

/** Everything about a mount that is brought back by a rollback, as JSON. */
export const MountSnapshot = z.strictObject({
  /** Its line of fstab. */
  entry: PlacedLine.nullable(),
  /** What is mounted there now. */
  live: Live.nullable(),
  /** Whether there is a folder to mount at. */
  hasFolder: z.boolean(),
});

/** Everything about a mount that is brought back by a rollback. */
export type MountSnapshot = z.output<typeof MountSnapshot>;

/** The mounts of a machine by where they are; of several at one place the one that is seen. */
export type LiveMounts = ReadonlyMap<string, z.output<typeof Live>>;

/** Reads mounts as they are. */
export async function readMounts(
  root: string,
  targets: readonly string[],
): Promise<ReadonlyMap<string, MountSnapshot>> {
  const lines = await readFstab(root);
  const live = await readLiveMounts(root);
  const entries = targets.map(async (target) => {
    const snapshot = {
      entry: placedLine(lines, target, nameOfFstabLine),
      live: live.get(target) ?? null,
      hasFolder: (await lstatIfThere(join(root, target))) !== undefined,
    };
    return [target, snapshot] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The lines of fstab. */
export async function readFstab(root: string): Promise<readonly string[]> {
  const lines = (await readIfThere(join(root, "etc/fstab"))).split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Everything that is mounted. */
export async function readLiveMounts(root: string): Promise<LiveMounts> {
  const text = await readFile(join(root, "proc/1/mountinfo"), "utf8");
  return new Map(
    text.split("\n").flatMap((line) => {
      const [left = "", right = ""] = line.split(" - ");
      const [, , , , target = "", options = ""] = left.split(" ");
      const [type = "", source = "", more = ""] = right.split(" ");
      if (target === "") return [];
      const all = [...new Set([...options.split(","), ...more.split(",")])].join(",");
      return [[unescape(target), { source: unescape(source), type, options: all }] as const];
    }),
  );
}

/** A mount as people see it; null when there is none. */
export function toMountValue({ entry, live }: MountSnapshot): JsonObject | null {
  const parsed = entry === null ? undefined : parseFstabLine(entry.line);
  if (parsed === undefined) {
    return live === null ? null : { ...live, inFstab: false, mounted: true };
  }
  const { source, type, options, pass } = parsed;
  const value = { source, type, options: options.join(","), pass, mounted: live !== null };
  const flags = live === null ? undefined : liveFlags(live);
  const isOff = flags !== undefined && (flagsOf(options) ?? flags).join() !== flags.join();
  return isOff ? { ...value, flagsNow: flags.join(",") } : value;
}

function liveFlags({ options }: z.output<typeof Live>): string[] {
  const known = options.split(",");
  return shownFlags.filter((flag) => known.includes(flag));
}
