import { dataResult, type Tool, type ToolResult } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import type { RecoveredRun, StateEngine } from "../apply/state-engine.ts";
import { checkKeys } from "../document/parse-desired-state.ts";
import { pluginNamed } from "../plan/make-plan.ts";
import { StateInputError } from "../state-error.ts";
import { whyArgument } from "./run-tools.ts";
import { recordData, recordText, showSteps, stepData, stepsText } from "./show-records.ts";
import { stateHeader, type StateRuntime } from "./state-runtime.ts";

/** Makes the tool that saves resources as they are. */
export function createCheckpointTool(runtime: StateRuntime): Tool {
  return defineTool({
    ...stateHeader,
    name: "state_checkpoint",
    title: "Make a checkpoint",
    description:
      "Saves resources as they are now, so that state_rollback can bring them back. Changes nothing on the machine.",
    risk: "write",
    annotations: { destructiveHint: false },
    input: z.strictObject({
      why: whyArgument,
      resources: z.array(z.string()).optional().meta({
        description:
          'What to save besides what later runs will change, as in ["files:/etc/motd", "units:nginx.service"]; everything that is declared unless told.',
      }),
    }),
    call: async ({ why, resources }, { signal, principal }) => {
      const engine = await runtime.engine();
      const named = resources?.map((id) => toResource(id, runtime));
      const record = await engine.checkpoint({
        who: principal.id,
        why,
        signal,
        ...(named === undefined ? {} : { resources: named }),
      });
      const text = `Checkpoint ${record.id} is made.`;
      return { content: [{ type: "text", text }], structuredContent: recordData(record) };
    },
  });
}

function toResource(id: string, { plugins }: StateRuntime) {
  const at = id.indexOf(":");
  const [name, key] = [id.slice(0, Math.max(at, 0)), id.slice(at + 1)];
  if (!plugins.some((plugin) => plugin.name === name)) {
    const names = plugins.map((plugin) => plugin.name).join(", ");
    throw new StateInputError([{ resource: id, reason: `begins with no plugin: ${names}.` }]);
  }
  checkKeys(pluginNamed(plugins, name), [key]);
  return { plugin: name, key };
}

/** Makes the tool that looks back. */
export function createHistoryTool(runtime: StateRuntime): Tool {
  return defineTool({
    ...stateHeader,
    name: "state_history",
    title: "Look at the history",
    description:
      "Lists runs and checkpoints, newest first: when, who, why, and how they ended. With `run`, one of them with every change it made.",
    risk: "read",
    input: z.strictObject({
      run: z.int().positive().optional().meta({ description: "Only this one, with its changes." }),
      limit: z.int().min(1).max(200).default(20).meta({ description: "At most so many." }),
      before: z.int().positive().optional().meta({ description: "Only those before this number." }),
    }),
    call: async ({ run, limit, before }, { signal }) => {
      const engine = await runtime.engine();
      if (run !== undefined) return await oneRun(engine, run, signal);
      const records = await engine.history({
        limit,
        ...(before === undefined ? {} : { beforeId: before }),
      });
      const text = records.map(recordText).join("\n") || "There is nothing yet.";
      return {
        content: [{ type: "text", text }],
        structuredContent: { runs: records.map(recordData) },
      };
    },
  });
}

async function oneRun(engine: StateEngine, id: number, signal: AbortSignal): Promise<ToolResult> {
  const record = await engine.record(id);
  const steps = await showSteps(await engine.steps(id), engine.plugins, signal);
  const text = [recordText(record), stepsText(steps)].join("\n");
  return {
    content: [{ type: "text", text }],
    structuredContent: { ...recordData(record), steps: steps.map(stepData) },
  };
}

/** Makes the tool that brings interrupted runs to an end. */
export function createRecoverTool(runtime: StateRuntime): Tool {
  return defineTool({
    ...stateHeader,
    name: "state_recover",
    title: "End interrupted runs",
    description:
      "Brings runs that were interrupted, or that could not be undone, to an end. That happens by itself when op-mcp starts; call it when ERR_STATE_UNFINISHED or ERR_STATE_UNDO says so and the cause is gone.",
    risk: "privileged",
    input: z.strictObject({
      how: z.enum(["undo", "finish"]).default("undo").meta({
        description: "Take back what they did, or do the rest. One that was going back goes on so.",
      }),
    }),
    call: async ({ how }, { signal }) => {
      const recovered = await (await runtime.engine()).recover(how, { signal });
      runtime.onRun();
      return dataResult({ recovered: recovered.map(recoveredData) });
    },
  });
}

function recoveredData({ record, outcome, error }: RecoveredRun) {
  return { run: record.id, outcome, ...(error === undefined ? {} : { error }) };
}
