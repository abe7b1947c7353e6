import { dataResult, toToolName, type ObjectSchema, type Tool, type ToolResult } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { checkKeys, parseDesiredState } from "../document/parse-desired-state.ts";
import { planLines, writeLines } from "../plan/render-plan.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { forAuthor, shownValue } from "../plugin/without-secrets.ts";
import { changeCount, changeData } from "./show-changes.ts";
import { stateHeader, type StateRuntime } from "./state-runtime.ts";

const mostKeys = 1000;

/** Makes the tool that reads resources of one plugin. */
export function createQueryTool(plugin: StatePlugin, runtime: StateRuntime): Tool {
  const input = z.strictObject({
    keys: z
      .array(z.string())
      .max(mostKeys)
      .optional()
      .meta({
        description: `The resources, each ${plugin.keys.meaning}. Left out: those that were declared by earlier runs.`,
      }),
  });
  return defineTool({
    ...stateHeader,
    name: toToolName(`state_${plugin.name}_query`),
    title: `Read ${plugin.name} as they are`,
    description: `Says how resources of ${plugin.name} are now: ${plugin.keys.meaning}. A resource that does not exist is null. Changes nothing.`,
    risk: "read",
    input,
    call: async ({ keys }, { signal }) => {
      const asked = keys ?? (await declaredKeys(plugin, runtime));
      checkKeys(plugin, asked);
      const states = await plugin.query(asked, { signal });
      const entries = asked.flatMap((key) => {
        const state = states.get(key);
        return state === undefined ? [] : [[key, shownValue(state)] as const];
      });
      return dataResult({ resources: Object.fromEntries(entries) });
    },
  });
}

/** Makes the tool that compares resources of one plugin with what is desired. */
export function createDiffTool(plugin: StatePlugin, runtime: StateRuntime): Tool {
  const name = toToolName(`state_${plugin.name}_diff`);
  const resources = z.record(z.string(), z.json());
  const tool = defineTool({
    ...stateHeader,
    name,
    title: `Compare ${plugin.name} with what is desired`,
    description: `Says what would have to change for resources of ${plugin.name} to be as desired; the schema of \`resources\` is what state_plan takes for ${plugin.name}. Changes nothing: plan with state_plan, then apply.`,
    risk: "read",
    input: z.strictObject({ resources }),
    call: async (args, { signal }): Promise<ToolResult> => {
      const document = { version: 1, state: { [plugin.name]: args.resources } };
      const desired = parseDesiredState(document, runtime.plugins);
      const current = await plugin.query(
        desired.map(({ key }) => key),
        { signal },
      );
      const drafts = await plugin.diff(desired, current, { signal });
      const changes = drafts.map((draft) => ({ plugin: plugin.name, ...draft }));
      const text = [...writeLines(planLines(changes)), changeCount(changes)].join("\n");
      return {
        content: [{ type: "text", text }],
        structuredContent: { changes: changes.map((change) => changeData(change, forAuthor)) },
      };
    },
  });
  return { ...tool, inputSchema: diffSchema(plugin) };
}

function diffSchema({ keys, schema, capabilities }: StatePlugin): ObjectSchema {
  const { $schema: _dialect, ...value } = schema;
  return {
    type: "object",
    properties: {
      resources: {
        type: "object",
        description: `The desired resources by their names, each ${keys.meaning}${capabilities.canBeAbsent ? '; "absent" where there should be none' : ""}.`,
        additionalProperties: capabilities.canBeAbsent
          ? { anyOf: [{ const: "absent" }, value] }
          : value,
      },
    },
    required: ["resources"],
    additionalProperties: false,
  };
}

async function declaredKeys(
  { name }: StatePlugin,
  { engine }: StateRuntime,
): Promise<readonly string[]> {
  const declared = await (await engine()).declared();
  return declared.filter(({ plugin }) => plugin === name).map(({ key }) => key);
}
