import { resourceId } from "../../plugin/resource-id.ts";
import type { Problem, ResourceChange } from "../../plugin/state-plugin.ts";
import type { Apt } from "./apt.ts";
import { isToInstall, wordsFor } from "./diff-package.ts";
import { PackageDesired } from "./package-desired.ts";

/** Says what would make changes of packages fail, or take packages away that nobody declared. */
export async function checkPackages(
  apt: Apt,
  changes: readonly ResourceChange[],
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  if (changes.length === 0) return [];
  const names = changes.filter(({ desired }) => desired !== null).map(({ key }) => key);
  const available = await apt.available(names, signal);
  const leaving = new Set(changes.filter(({ desired }) => desired === null).map(({ key }) => key));
  const problems: Problem[] = [];
  for (const change of changes) {
    const reason =
      (process.geteuid?.() === 0 ? undefined : "only root may change packages.") ??
      holdProblem(change) ??
      versionProblem(change, available.get(change.key) ?? []);
    const finding =
      reason === undefined ? await simulatedFinding(apt, change, leaving, signal) : { reason };
    if (finding !== undefined) {
      problems.push({ resource: resourceId("packages", change.key), ...finding });
    }
  }
  return problems;
}

function holdProblem({ desired, before }: ResourceChange): string | undefined {
  if (before?.["held"] !== true) return undefined;
  const advice = "declare held: false for it first.";
  if (desired === null) return `it is held: ${advice}`;
  const wanted = PackageDesired.parse(desired);
  return wanted.held === undefined && isToInstall(wanted, before)
    ? `it is held at another version: declare held too.`
    : undefined;
}

function versionProblem(
  { desired, before }: ResourceChange,
  versions: readonly string[],
): string | undefined {
  if (desired === null) return undefined;
  const wanted = PackageDesired.parse(desired);
  if (!isToInstall(wanted, before)) return undefined;
  if (versions.length === 0) {
    return "no source has it: look at its name, or run apt-get update.";
  }
  if (wanted.version === undefined || versions.includes(wanted.version)) return undefined;
  return `no source has version ${wanted.version}, but ${versions.slice(0, 5).join(", ")}.`;
}

/** What is replaced or taken away on the way has to be declared, too. */
async function simulatedFinding(
  apt: Apt,
  change: ResourceChange,
  leaving: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Omit<Problem, "resource"> | undefined> {
  const words = wordsFor(change, change.before);
  if (words === undefined) return undefined;
  const { removals, problem } = await apt.simulate(words, signal);
  // What is held or missing now may be another change's business.
  if (problem !== undefined) return { reason: problem, solvedBy: [] };
  const reason = removalProblem(change.key, removals, leaving);
  return reason === undefined ? undefined : { reason };
}

/** Why packages may not be removed; undefined when all are declared to go. */
export function removalProblem(
  key: string,
  removals: readonly string[],
  leaving: ReadonlySet<string>,
): string | undefined {
  const others = removals.filter((name) => name !== key && !leaving.has(name));
  if (others.length === 0) return undefined;
  const them = others.slice(0, 10).join(", ");
  return `it would take ${them} away: declare them absent too, or leave it as it is.`;
}
