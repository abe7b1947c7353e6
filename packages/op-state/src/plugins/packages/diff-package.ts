import type { JsonObject } from "op-core";
import type { DesiredValue, ResourceChange } from "../../plugin/state-plugin.ts";
import type { InstalledPackage } from "./apt.ts";
import { PackageDesired } from "./package-desired.ts";
import type { Simulation } from "./simulation.ts";

/** A package as people see it. */
export function toPackageValue(found: InstalledPackage | undefined): JsonObject | null {
  if (found === undefined || found.isResidue) return null;
  return { version: found.version, held: found.isHeld };
}

/** Whether another version has to come. */
export function isToInstall({ version }: PackageDesired, before: JsonObject | null): boolean {
  return before === null || (version !== undefined && version !== before["version"]);
}

/** Whether there is nothing to do for a package. */
export function isAsDesired(desired: JsonObject | null, before: JsonObject | null): boolean {
  if (desired === null || before === null) return desired === null && before === null;
  const wanted = PackageDesired.parse(desired);
  const isRight = wanted.held === undefined || wanted.held === before["held"];
  return isRight && !isToInstall(wanted, before);
}

/** The words for apt-get that bring a package to what is desired; undefined when it has nothing to do. */
export function wordsFor(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
): readonly string[] | undefined {
  if (desired === null) return before === null ? undefined : ["remove", key];
  const wanted = PackageDesired.parse(desired);
  if (!isToInstall(wanted, before)) return undefined;
  const flags = [
    ...(wanted.version === undefined ? [] : ["--allow-downgrades"]),
    ...(wanted.held === undefined ? [] : ["--allow-change-held-packages"]),
  ];
  return ["install", ...flags, wanted.version === undefined ? key : `${key}=${wanted.version}`];
}

/** What a change is made of. */
export interface PackageChangeParts {
  readonly before: JsonObject | null;
  readonly simulation: Simulation;
  /** Whether the sources still have the version that is replaced. */
  readonly canReturn: boolean;
  /** Packages that change before. */
  readonly requires: readonly string[];
}

/** Describes a change, with all that comes with it. */
export function describeChange(
  { key, desired }: DesiredValue,
  { before, simulation, canReturn, requires }: PackageChangeParts,
): ResourceChange {
  const isRemoved = desired === null;
  const others = simulation.installs.filter(({ name }) => name !== key);
  const shown = others.map(({ name, from, to }) =>
    from === undefined ? `${name} ${to}` : `${name} ${from} → ${to}`,
  );
  const version = simulation.installs.find(({ name }) => name === key)?.to;
  return {
    key,
    desired,
    action: isRemoved ? "delete" : before === null ? "create" : "update",
    risk: isRemoved ? "destructive" : "privileged",
    isReversible: canReturn,
    before,
    after: isRemoved
      ? null
      : {
          ...before,
          ...(version === undefined ? {} : { version }),
          ...desired,
          ...(shown.length === 0 ? {} : { with: shown.toSorted() }),
        },
    requires,
  };
}
