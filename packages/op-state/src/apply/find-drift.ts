import { idOf, type DesiredResource, type DesiredState } from "../document/desired-state.ts";
import { attempt, pluginNamed } from "../plan/make-plan.ts";
import type { PlannedChange } from "../plan/state-plan.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import type { Deviation } from "./state-engine.ts";

/** What looking for deviations takes. */
export interface FindDriftOptions {
  readonly plugins: readonly StatePlugin[];
  readonly signal: AbortSignal;
}

/** Says what is not as desired. */
export async function findDeviations(
  desired: DesiredState,
  options: FindDriftOptions,
): Promise<readonly Deviation[]> {
  const groups = [...Map.groupBy(desired, ({ plugin }) => plugin)];
  const found = await Promise.all(
    groups.map(([name, resources]) =>
      deviationsOf(pluginNamed(options.plugins, name), resources, options.signal),
    ),
  );
  return found.flat();
}

async function deviationsOf(
  plugin: StatePlugin,
  resources: readonly DesiredResource[],
  signal: AbortSignal,
): Promise<readonly Deviation[]> {
  const keys = resources.map(({ key }) => key);
  return attempt(plugin.name, "verify resources", signal, async () => {
    const current = await plugin.query(keys, { signal });
    const drafts = await plugin.diff(resources, current, { signal });
    const problems = (await plugin.verify?.(resources, { signal })) ?? [];
    const changes = drafts.map((draft): PlannedChange => ({ plugin: plugin.name, ...draft }));
    return [
      ...changes.map((change) => ({ resource: idOf(change), change })),
      ...problems.map((problem) => ({ resource: problem.resource, problem })),
    ];
  });
}
