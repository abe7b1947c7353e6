import type { JsonObject } from "op-core";
import { idOf } from "../document/desired-state.ts";
import { pluginNamed } from "../plan/make-plan.ts";
import { planLines, writeLines } from "../plan/render-plan.ts";
import type { PlannedChange } from "../plan/state-plan.ts";
import { forReader } from "../plugin/without-secrets.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import type { RecordStep, StateRecord } from "../store/state-store.ts";
import { changeData } from "./show-changes.ts";
import { planName } from "./plan-shelf.ts";

/** An entry of the history as data. */
export function recordData(record: StateRecord): JsonObject {
  const { id, kind, status, atMs, endedMs, who, why, planHash, target } = record;
  return {
    run: id,
    kind,
    status,
    at: new Date(atMs).toISOString(),
    ...(endedMs === null ? {} : { endedAt: new Date(endedMs).toISOString() }),
    who,
    why,
    ...(planHash === null ? {} : { plan: planName({ hash: planHash }) }),
    ...(target === null ? {} : { backTo: target }),
    ...(record.error === null ? {} : { error: record.error }),
    ...(record.isRecovered ? { isRecovered: true } : {}),
  };
}

/** An entry of the history in a line. */
export function recordText(record: StateRecord): string {
  const { id, kind, status, atMs, who, why, target } = record;
  const back = target === null ? "" : ` to ${target}`;
  const found = record.isRecovered ? ", found interrupted" : "";
  return `${id} ${new Date(atMs).toISOString()} ${kind}${back} ${status}${found} by ${who}: ${why}`;
}

/** A step of a run, with what it replaced and by what. */
export interface ShownStep {
  readonly step: RecordStep;
  /** Missing where the step only saved its resource. */
  readonly change: PlannedChange | undefined;
}

/** Says what each step of a run was about; of a way back as far as its plugins can tell what was saved. */
export async function showSteps(
  steps: readonly RecordStep[],
  plugins: readonly StatePlugin[],
  signal: AbortSignal,
): Promise<readonly ShownStep[]> {
  const shown = steps.map(async (step) => ({
    step,
    change: await changeOf(step, plugins, signal),
  }));
  return Promise.all(shown);
}

/** A step as data. */
export function stepData({ step, change }: ShownStep): JsonObject {
  const { status, task } = step;
  if (change === undefined) return { resource: idOf(step), saved: true };
  return {
    ...changeData(change, forReader),
    status,
    ...(task.kind === "restore" ? { isBack: true } : {}),
  };
}

/** The steps of a run for people. */
export function stepsText(steps: readonly ShownStep[]): string {
  const lines = writeLines(
    planLines(
      steps.flatMap(({ change }) => change ?? []),
      forReader,
    ),
  );
  const saved = steps.filter(({ change }) => change === undefined).map(({ step }) => idOf(step));
  return [...lines, ...(saved.length > 0 ? [`saved: ${saved.join(", ")}`] : [])].join("\n");
}

async function changeOf(
  { plugin: name, key, task, saved }: RecordStep,
  plugins: readonly StatePlugin[],
  signal: AbortSignal,
): Promise<PlannedChange | undefined> {
  if (task.kind === "reach") return task.change;
  if (task.kind === "keep") return undefined;
  const plugin = plugins.some((one) => one.name === name) ? pluginNamed(plugins, name) : undefined;
  const before = await plugin?.describe?.(key, saved, { signal });
  const after = await plugin?.describe?.(key, task.saved, { signal });
  return {
    plugin: name,
    key,
    desired: null,
    action: before?.value === null ? "create" : after?.value === null ? "delete" : "update",
    risk: "write",
    isReversible: true,
    before: before?.value ?? null,
    after: after?.value ?? null,
    requires: [],
    secrets: [...(before?.secrets ?? []), ...(after?.secrets ?? [])],
  };
}
