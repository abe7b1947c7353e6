import { z } from "zod";
import { resourceId } from "../../plugin/resource-id.ts";
import type { Apt, InstalledPackage, PackageMap } from "./apt.ts";

const Saved = z.strictObject({
  version: z.string(),
  isHeld: z.boolean(),
  isAuto: z.boolean(),
  isResidue: z.boolean(),
});

/** Every package of a machine: going back with one takes what came with it. */
export const PackagesSnapshot = z.record(z.string(), Saved);

/** Every package of a machine. */
export type PackagesSnapshot = z.output<typeof PackagesSnapshot>;

/** What going back takes. */
export interface RestoreOptions {
  readonly apt: Apt;
  readonly key: string;
  readonly saved: PackagesSnapshot;
  readonly signal: AbortSignal;
}

/**
 * Brings a package back to what it was, with the packages that came or changed with it. What others installed meanwhile
 * stays.
 */
export async function restorePackage(options: RestoreOptions): Promise<void> {
  const { apt, key, saved, signal } = options;
  await apt.repair(resourceId("packages", key));
  const now = await apt.installed(signal);
  const family = new Set([key]);
  if (!isSame(now.get(key), saved[key])) {
    for (const name of await apt.dependencies(key, signal)) family.add(name);
    const changed = [...family].filter((name) => !isSame(now.get(name), saved[name]));
    await leaveResidue(options);
    const words = await settle(options, wordsFor(options, now, changed), family);
    await apt.run(resourceId("packages", key), words);
    await removeStrays(options, family);
  }
  await restoreMarks(options, family);
}

/** The configuration of a version is left when that version goes. */
async function leaveResidue({ apt, key, saved, signal }: RestoreOptions): Promise<void> {
  const was = saved[key];
  if (was?.isResidue !== true) return;
  const words = ["install", ...force, `${key}=${was.version}`];
  const { problem } = await apt.simulate(words, signal);
  if (problem === undefined) await apt.run(resourceId("packages", key), words);
}

function isSame(left: InstalledPackage | undefined, right: InstalledPackage | undefined): boolean {
  return left?.version === right?.version && left?.isResidue === right?.isResidue;
}

const force = ["--allow-downgrades", "--allow-change-held-packages"];

function wordsFor(
  { key, saved }: RestoreOptions,
  now: PackageMap,
  changed: readonly string[],
): readonly string[] {
  const was = saved[key];
  const isGone = was === undefined || was.isResidue;
  const versions = changed.flatMap((name) => {
    const { version, isResidue } = saved[name] ?? { version: "", isResidue: true };
    return isResidue || !now.has(name) ? [] : [`${name}=${version}`];
  });
  const purge = was === undefined ? ["--purge"] : [];
  const target = isGone ? `${key}-` : `${key}=${was.version}`;
  return ["install", ...force, ...purge, ...new Set([target, ...versions])];
}

/** What comes along comes in the version that was there. */
async function settle(
  options: RestoreOptions,
  words: readonly string[],
  family: Set<string>,
): Promise<readonly string[]> {
  const { apt, saved, signal } = options;
  const { installs } = await apt.simulate(words, signal);
  for (const { name } of installs) family.add(name);
  const others = installs.flatMap(({ name, to }) => {
    const was = saved[name];
    return was === undefined || was.isResidue || was.version === to
      ? []
      : [`${name}=${was.version}`];
  });
  const more = others.filter((word) => !words.includes(word));
  return more.length === 0 ? words : settle(options, [...words, ...more], family);
}

/** What came along, and that nothing needs any more. */
async function removeStrays(
  { apt, key, saved, signal }: RestoreOptions,
  family: ReadonlySet<string>,
): Promise<void> {
  const { removals } = await apt.simulate(["autoremove"], signal);
  const strays = removals.filter((name) => family.has(name) && saved[name] === undefined);
  if (strays.length > 0) await apt.run(resourceId("packages", key), ["purge", ...strays]);
}

async function restoreMarks(
  { apt, key, saved, signal }: RestoreOptions,
  family: ReadonlySet<string>,
): Promise<void> {
  const now = await apt.installed(signal);
  const resource = resourceId("packages", key);
  for (const name of family) {
    const [is, was] = [now.get(name), saved[name]];
    if (is === undefined || was === undefined || is.isResidue) continue;
    if (is.isHeld !== was.isHeld) await apt.mark(resource, was.isHeld ? "hold" : "unhold", name);
    if (is.isAuto !== was.isAuto) await apt.mark(resource, was.isAuto ? "auto" : "manual", name);
  }
}
