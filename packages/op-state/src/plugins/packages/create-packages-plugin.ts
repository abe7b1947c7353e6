import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type { DesiredValue, ResourceChange, StatePlugin } from "../../plugin/state-plugin.ts";
import { StateChangeError } from "../../state-error.ts";
import { watchSources } from "../files/watch-sources.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { createApt, type Apt } from "./apt.ts";
import { checkPackages, removalProblem } from "./check-packages.ts";
import { describeChange, isAsDesired, toPackageValue, wordsFor } from "./diff-package.ts";
import { PackageDesired } from "./package-desired.ts";
import { PackagesSnapshot, restorePackage } from "./restore-package.ts";
import type { Simulation } from "./simulation.ts";

/** Where packages are managed. */
export interface PackagesPluginOptions {
  /** Where apt works, as `chroot` would; the machine's own root unless told. */
  readonly root?: string;
  /** How long another apt or dpkg is waited for; 120 s unless told. */
  readonly lockTimeoutSeconds?: number;
}

const keyPattern = String.raw`[a-z0-9][a-z0-9+.-]+(?::[a-z0-9]+)?`;
const files = ["/var/lib/dpkg/status", "/var/lib/apt/extended_states"];

/**
 * Makes the plugin of Debian's packages: installed, in a version, held. A plan shows what comes along; what would take
 * away packages that are not declared is refused. It asks nothing, and keeps configuration that somebody has changed.
 */
export function createPackagesPlugin(options: PackagesPluginOptions = {}): StatePlugin {
  const { root = "/", lockTimeoutSeconds = 120 } = options;
  const apt = createApt({ root, lockTimeoutSeconds });
  return {
    name: "packages",
    version: "1",
    keys: { pattern: keyPattern, meaning: "a package's name, such as nginx or libc6:i386" },
    schema: jsonSchemaOf(PackageDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: async (keys, { signal }) => {
      const found = await apt.installed(signal);
      return new Map(
        keys.map((key) => {
          const value = toPackageValue(found.get(key));
          return [key, { value, fingerprint: fingerprintOf(value) }];
        }),
      );
    },
    diff: (desired, current, { signal }) => diffPackages(apt, desired, current, signal),
    check: (changes, { signal }) => checkPackages(apt, changes, signal),
    apply: async (change, { signal, progress }) => {
      const resource = resourceId("packages", change.key);
      await apt.repair(resource);
      const before = toPackageValue((await apt.installed(signal)).get(change.key));
      const words = wordsFor(change, before);
      if (words !== undefined) {
        const { removals, problem } = await apt.simulate(words, signal);
        const reason = problem ?? removalProblem(change.key, removals, new Set());
        if (reason !== undefined) throw new StateChangeError(resource, reason);
        progress(words.join(" "));
        await apt.run(resource, words);
      }
      const { held } = PackageDesired.parse(change.desired ?? {});
      const isHeld = (await apt.installed(signal)).get(change.key)?.isHeld;
      if (held === undefined || isHeld === held) return;
      await apt.mark(resource, held ? "hold" : "unhold", change.key);
    },
    checkpoint: async (keys, { signal }) => {
      const all = Object.fromEntries(await apt.installed(signal));
      const saved = PackagesSnapshot.parse(all);
      return new Map(keys.map((key) => [key, saved]));
    },
    describe: async (key, saved) => ({ value: toPackageValue(PackagesSnapshot.parse(saved)[key]) }),
    rollback: (key, saved, { signal }) =>
      restorePackage({ apt, key, saved: PackagesSnapshot.parse(saved), signal }),
    watch: (keys, { signal }) => watchSources({ root, files, keys }, signal),
  };
}

async function diffPackages(
  apt: Apt,
  desired: Parameters<StatePlugin["diff"]>[0],
  current: Parameters<StatePlugin["diff"]>[1],
  signal: AbortSignal,
): Promise<readonly ResourceChange[]> {
  const pending = desired.filter(
    ({ key, desired: wanted }) => !isAsDesired(wanted, current.get(key)?.value ?? null),
  );
  if (pending.length === 0) return [];
  const available = await apt.available(
    pending.map(({ key }) => key),
    signal,
  );
  const simulations = new Map<string, Simulation>();
  for (const one of pending) {
    const words = wordsFor(one, current.get(one.key)?.value ?? null);
    if (words !== undefined) simulations.set(one.key, await apt.simulate(words, signal));
  }
  return pending.map((one) => {
    const before = current.get(one.key)?.value ?? null;
    const simulation = simulations.get(one.key);
    const version = before?.["version"];
    const isKept = typeof version !== "string" || simulation === undefined;
    return describeChange(one, {
      before,
      simulation: simulation ?? { installs: [], removals: [] },
      canReturn: isKept || (available.get(one.key) ?? []).includes(version),
      requires: requiredBy(one, pending, simulations),
    });
  });
}

/** What is in the way goes first, and what depends on something goes before it does. */
function requiredBy(
  { key, desired }: DesiredValue,
  pending: readonly DesiredValue[],
  simulations: ReadonlyMap<string, Simulation>,
): readonly string[] {
  const removes = (remover: string, removed: string) =>
    remover !== removed && simulations.get(remover)?.removals.includes(removed) === true;
  return pending
    .filter((other) => other.desired === null)
    .filter((other) => (desired === null ? removes(other.key, key) : removes(key, other.key)))
    .map((other) => resourceId("packages", other.key));
}
