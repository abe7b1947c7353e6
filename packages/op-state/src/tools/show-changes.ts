import type { JsonObject } from "op-core";
import { risks, type Risk } from "op-tools";
import type { Deviation } from "../apply/state-engine.ts";
import { idOf } from "../document/desired-state.ts";
import { planLines, summariseChanges, writeLines } from "../plan/render-plan.ts";
import type { PlannedChange } from "../plan/state-plan.ts";
import { forReader, type ChangeView } from "../plugin/without-secrets.ts";

/** A change as data. */
export function changeData(change: PlannedChange, view: ChangeView): JsonObject {
  const { action, risk, isReversible } = change;
  return { resource: idOf(change), action, risk, isReversible, ...view(change) };
}

/** What is not as desired, as data. */
export function deviationData({ resource, change, problem }: Deviation): JsonObject {
  return {
    resource,
    ...(change === undefined ? {} : { change: changeData(change, forReader) }),
    ...(problem === undefined ? {} : { problem: problem.reason }),
  };
}

/** What is not as desired, for people: what would bring it back. */
export function deviationText(deviations: readonly Deviation[]): string {
  const changes = deviations.flatMap(({ change }) => change ?? []);
  const problems = deviations.flatMap(({ resource, problem }) =>
    problem === undefined ? [] : [`! ${resource}: ${problem.reason}`],
  );
  if (deviations.length === 0) return "Everything is as desired.";
  return [...writeLines(planLines(changes, forReader)), ...problems].join("\n");
}

/** Counts changes, in words. */
export function changeCount(changes: readonly PlannedChange[]): string {
  const { created, updated, deleted } = summariseChanges(changes);
  return `${created} to create, ${updated} to update, ${deleted} to delete`;
}

/** The greatest risk of all changes. */
export function riskOfAll(changes: readonly PlannedChange[]): Risk {
  const greatest = Math.max(0, ...changes.map(({ risk }) => risks.indexOf(risk)));
  return risks[greatest] ?? "privileged";
}
