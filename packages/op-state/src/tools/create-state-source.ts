import { silentLogger, systemClock, type Clock, type Logger } from "op-core";
import {
  createMemorySource,
  type Principal,
  type PromptSource,
  type ResourceSource,
  type Tool,
  type ToolSource,
} from "op-tools";
import type { StateEngine } from "../apply/state-engine.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { DriftFeed } from "./drift-feed.ts";
import { createCheckpointTool, createHistoryTool, createRecoverTool } from "./history-tools.ts";
import { createDriftTool, createPlanTool, createVerifyTool } from "./plan-tools.ts";
import { createPlanShelf } from "./plan-shelf.ts";
import { createDiffTool, createQueryTool } from "./query-tools.ts";
import { createApplyTool, createRollbackTool } from "./run-tools.ts";
import { StatePrompts } from "./state-prompts.ts";
import { StateResources } from "./state-resources.ts";
import { stateSourceName, type StateRuntime } from "./state-runtime.ts";

/** What the tools of a machine's state are made of. */
export interface StateSourceOptions {
  readonly plugins: readonly StatePlugin[];
  /** Opens the engine, which stays the caller's; called when it is first needed, and again after it failed. */
  readonly engine: () => Promise<StateEngine>;
  /** Who may see the state of a plugin as a resource; everybody unless told. */
  readonly mayLook?: (principal: Principal, plugin: string) => boolean;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** One machine's state as tools, resources and a prompt. */
export interface StateSource extends AsyncDisposable {
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
  readonly prompts: PromptSource;
}

/** Makes the tools, resources and the prompt of a machine's state. Nothing is opened before something is used. */
export function createStateSource(options: StateSourceOptions): StateSource {
  const { plugins, engine, mayLook, clock = systemClock, logger = silentLogger } = options;
  const feed = new DriftFeed({ engine, clock, logger });
  const runtime: StateRuntime = {
    plugins,
    engine,
    plans: createPlanShelf(),
    onRun: () => feed.restart(),
  };
  const tools = createMemorySource(stateSourceName, createTools(runtime));
  const resources = new StateResources({ runtime, feed, mayLook });
  const prompts = new StatePrompts(runtime, clock);
  return {
    tools,
    resources,
    prompts,
    [Symbol.asyncDispose]: async () => {
      await using stack = new AsyncDisposableStack();
      stack.use(tools);
      stack.use(resources);
      stack.use(prompts);
    },
  };
}

function createTools(runtime: StateRuntime): readonly Tool[] {
  return [
    createPlanTool(runtime),
    createApplyTool(runtime),
    createVerifyTool(runtime),
    createDriftTool(runtime),
    createCheckpointTool(runtime),
    createRollbackTool(runtime),
    createHistoryTool(runtime),
    createRecoverTool(runtime),
    ...runtime.plugins.flatMap((plugin) => [
      createQueryTool(plugin, runtime),
      createDiffTool(plugin, runtime),
    ]),
  ];
}
