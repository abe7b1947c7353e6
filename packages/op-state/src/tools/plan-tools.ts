import type { Tool, ToolResult } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import type { Deviation } from "../apply/state-engine.ts";
import { parseDesiredState } from "../document/parse-desired-state.ts";
import { renderPlan, summarisePlan } from "../plan/render-plan.ts";
import type { StatePlan } from "../plan/state-plan.ts";
import { forAuthor } from "../plugin/without-secrets.ts";
import { changeData, deviationData, deviationText } from "./show-changes.ts";
import { stateHeader, type StateRuntime } from "./state-runtime.ts";

const State = z.record(z.string(), z.record(z.string(), z.json()));

function stateArgument({ plugins }: StateRuntime) {
  const names = plugins.map(({ name }) => name).join(", ");
  return State.meta({
    description: `What should be true: for each plugin (${names}) its resources by name, and for each resource its desired properties, or "absent". The schema of a plugin's resources is that of the tool state_PLUGIN_diff. What is left out stays as it is. A resource may say in \`requires\` what comes before it, as in ["files:/etc/app.conf"].`,
  });
}

/** Makes the tool that plans. */
export function createPlanTool(runtime: StateRuntime): Tool {
  return defineTool({
    ...stateHeader,
    name: "state_plan",
    title: "Plan a change of the system's state",
    description:
      "Plans how this machine gets from how it is to how it should be, across all plugins and in order, and changes nothing. Wrong input and changes that would fail are refused here. Answers the changes and the plan's name, which state_apply takes.",
    risk: "read",
    input: z.strictObject({ state: stateArgument(runtime) }),
    call: async ({ state }, { signal }) => {
      const desired = parseDesiredState({ version: 1, state }, runtime.plugins);
      const plan = await (await runtime.engine()).plan(desired, { signal });
      return planResult(runtime.plans.put(plan), plan);
    },
  });
}

/** A plan for whoever asked for it. */
export function planResult(name: string, plan: StatePlan): ToolResult {
  const note =
    plan.changes.length === 0
      ? "Nothing has to change."
      : `Nothing was changed. To make these changes, call state_apply with plan "${name}".`;
  return {
    content: [{ type: "text", text: `${renderPlan(plan)}${note}` }],
    structuredContent: {
      plan: name,
      summary: { ...summarisePlan(plan) },
      changes: plan.changes.map((change) => changeData(change, forAuthor)),
    },
  };
}

/** Makes the tool that compares the machine with a desired state. */
export function createVerifyTool(runtime: StateRuntime): Tool {
  return defineTool({
    ...stateHeader,
    name: "state_verify",
    title: "Verify a desired state",
    description:
      "Says what of a desired state is not true on this machine, also what a plugin only sees by a closer look. Changes nothing.",
    risk: "read",
    input: z.strictObject({ state: stateArgument(runtime) }),
    call: async ({ state }, { signal }) => {
      const desired = parseDesiredState({ version: 1, state }, runtime.plugins);
      return deviationResult(await (await runtime.engine()).verify(desired, { signal }));
    },
  });
}

/** Makes the tool that finds drift. */
export function createDriftTool(runtime: StateRuntime): Tool {
  return defineTool({
    ...stateHeader,
    name: "state_drift",
    title: "Find drift",
    description:
      "Says what is no longer as it was declared by the runs so far, for example because somebody changed it by hand. Changes nothing.",
    risk: "read",
    input: z.strictObject({}),
    call: async (_, { signal }) =>
      deviationResult(await (await runtime.engine()).drift({ signal })),
  });
}

function deviationResult(deviations: readonly Deviation[]): ToolResult {
  return {
    content: [{ type: "text", text: deviationText(deviations) }],
    structuredContent: {
      isAsDesired: deviations.length === 0,
      deviations: deviations.map(deviationData),
    },
  };
}
