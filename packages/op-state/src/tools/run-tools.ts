import type { JsonObject } from "op-core";
import {
  ToolInputInvalidError,
  type CallEffect,
  type Tool,
  type ToolContext,
  type ToolResult,
} from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import type { RollbackPreview, RunOptions } from "../apply/state-engine.ts";
import { planLines, summarisePlan, writeLines } from "../plan/render-plan.ts";
import type { PlannedChange } from "../plan/state-plan.ts";
import { fingerprintOf } from "../plugin/fingerprint.ts";
import { forAuthor, forReader, type ChangeView } from "../plugin/without-secrets.ts";
import type { StateRecord } from "../store/state-store.ts";
import { planResult } from "./plan-tools.ts";
import { changeCount, changeData, riskOfAll } from "./show-changes.ts";
import { recordData, recordText } from "./show-records.ts";
import { stateHeader, type StateRuntime } from "./state-runtime.ts";

/** Why something is done; it is kept in the history. */
export const whyArgument = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .meta({ description: "Why, in a sentence: it is kept in the history." });

const runArguments = {
  why: whyArgument,
  onFailure: z.enum(["undo", "stop"]).default("undo").meta({
    description:
      "What becomes of what was done when a step fails: undo takes everything back, stop leaves it.",
  }),
  dryRun: z.boolean().default(false).meta({
    description: "Only answer what would be done.",
  }),
};

const ApplyInput = z.strictObject({
  plan: z.string().meta({ description: "The name of a plan that state_plan answered." }),
  ...runArguments,
});

const RollbackInput = z.strictObject({
  to: z.int().positive().meta({
    description: "The number of a checkpoint, or of the run before which things were right.",
  }),
  ...runArguments,
});

/** Makes the tool that applies a plan. */
export function createApplyTool(runtime: StateRuntime): Tool {
  const preview = (args: JsonObject): ToolResult => {
    const { plan } = parse("state_apply", ApplyInput, args);
    return planResult(plan, runtime.plans.get(plan));
  };
  const tool = defineTool({
    ...stateHeader,
    name: "state_apply",
    title: "Apply a plan",
    description:
      "Makes the changes of a plan, as they were shown, after a person has seen them and agreed. Refused when the machine is no longer as it was planned for. When a step fails, everything is undone unless told otherwise. state_rollback takes the run back.",
    risk: "privileged",
    input: ApplyInput,
    call: async (args, context) => {
      const plan = runtime.plans.get(args.plan);
      if (args.dryRun) return planResult(args.plan, plan);
      const engine = await runtime.engine();
      return await run(runtime, () => engine.apply(plan, runOptions(args, context)));
    },
  });
  return {
    ...tool,
    effectOf: async (args): Promise<CallEffect> => {
      const { plan: name, dryRun } = parse("state_apply", ApplyInput, args);
      const plan = runtime.plans.get(name);
      const { unchanged } = summarisePlan(plan);
      const summary = `apply plan ${name}: ${changeCount(plan.changes)}, ${unchanged} as desired`;
      return dryRun
        ? { risk: "read", summary: "show a plan" }
        : effectFor(plan.changes, { summary, subject: plan.hash, view: forAuthor });
    },
    preview: async (args) => preview(args),
  };
}

/** Makes the tool that goes back. */
export function createRollbackTool(runtime: StateRuntime): Tool {
  const look = async (args: JsonObject, { signal }: ToolContext): Promise<RollbackPreview> => {
    const { to } = parse("state_rollback", RollbackInput, args);
    return await (await runtime.engine()).previewRollback(to, { signal });
  };
  const tool = defineTool({
    ...stateHeader,
    name: "state_rollback",
    title: "Go back to a checkpoint",
    description:
      "Brings everything that runs changed since a checkpoint, or by a run and since, back to what it was then, also where it was changed by hand meanwhile. It is a run of its own, which can be taken back too. dryRun shows what would change.",
    risk: "privileged",
    input: RollbackInput,
    call: async (args, context) => {
      if (args.dryRun) return previewResult(await look(args, context));
      const engine = await runtime.engine();
      return await run(runtime, () => engine.rollback(args.to, runOptions(args, context)));
    },
  });
  return {
    ...tool,
    effectOf: async (args, context): Promise<CallEffect> => {
      const { dryRun } = parse("state_rollback", RollbackInput, args);
      if (dryRun) return { risk: "read", summary: "show a way back" };
      const { target, changes } = await look(args, context);
      const summary = `go back to ${target.kind} ${target.id} (${target.why}): ${changeCount(changes)}`;
      const subject = fingerprintOf(changes.map((change) => ({ ...change })));
      return effectFor(changes, { summary, subject, view: forReader });
    },
    preview: async (args, context) => previewResult(await look(args, context)),
  };
}

function parse<Input extends z.ZodObject>(
  tool: string,
  input: Input,
  args: JsonObject,
): z.output<Input> {
  const parsed = input.safeParse(args);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map(({ path, message }) => ({
    path: path.join("."),
    message,
  }));
  throw new ToolInputInvalidError(tool, violations);
}

interface EffectOptions {
  readonly summary: string;
  readonly subject: string;
  readonly view: ChangeView;
}

/** What a person is shown and agrees to: every change, and these alone. */
function effectFor(
  changes: readonly PlannedChange[],
  { summary, subject, view }: EffectOptions,
): CallEffect {
  const risk = riskOfAll(changes);
  return {
    risk: risk === "read" ? "write" : risk,
    summary,
    details: writeLines(planLines(changes, view)),
    needsApproval: changes.length > 0,
    subject,
  };
}

function runOptions(
  { why, onFailure }: Pick<z.output<typeof ApplyInput>, "why" | "onFailure">,
  { principal, signal, reportProgress }: ToolContext,
): RunOptions {
  return {
    who: principal.id,
    why,
    onFailure,
    signal,
    onProgress: ({ done, total, resource, message }) =>
      reportProgress({
        progress: done,
        total,
        message: message === undefined ? resource : `${resource}: ${message}`,
      }),
  };
}

async function run({ onRun }: StateRuntime, work: () => Promise<StateRecord>): Promise<ToolResult> {
  try {
    const record = await work();
    const text = `${recordText(record)}\nTo take it back, call state_rollback with to ${record.id}.`;
    return { content: [{ type: "text", text }], structuredContent: recordData(record) };
  } finally {
    onRun();
  }
}

function previewResult({ target, changes }: RollbackPreview): ToolResult {
  const lines = writeLines(planLines(changes, forReader));
  const text = [...lines, `${changeCount(changes)}. Nothing was changed.`].join("\n");
  return {
    content: [{ type: "text", text }],
    structuredContent: {
      target: recordData(target),
      changes: changes.map((change) => changeData(change, forReader)),
    },
  };
}
