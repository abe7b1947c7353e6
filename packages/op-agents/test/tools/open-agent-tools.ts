import type { JsonObject } from "op-core";
import {
  openToolbox,
  type Toolbox,
  type ToolboxOptions,
  type ToolContext,
  type ToolResult,
} from "op-tools";
import { createTestContext } from "op-tools/testing";
import { openAgentPool, openNativeBackend, type AgentSpec } from "../../src/index.ts";
import { createAgentSource, type AgentSource, type SubmittedTask } from "../../src/tools/index.ts";

/** The tools of agents in a toolbox, with real agents behind them. */
export interface AgentTools extends AsyncDisposable {
  readonly source: AgentSource;
  readonly toolbox: Toolbox;
  readonly submitted: readonly SubmittedTask[];
  /** How often a pool was opened. */
  readonly opened: number;
  call(name: string, args?: JsonObject, more?: Partial<ToolContext>): Promise<ToolResult>;
}

/** Opens them; no agent is started by that. */
export async function openAgentTools(
  specs: readonly AgentSpec[],
  options: Partial<ToolboxOptions> = {},
): Promise<AgentTools> {
  await using stack = new AsyncDisposableStack();
  const backend = stack.use(await openNativeBackend());
  const submitted: SubmittedTask[] = [];
  let opened = 0;
  const source: AgentSource = createAgentSource({
    specs,
    maxAgents: 50,
    openPool: (opening) => {
      opened += 1;
      const settings = { backend, specs, startsWith: "first-task", closeMs: 0 } as const;
      return openAgentPool(settings, opening);
    },
    call: (...passed) => toolbox.call(...passed),
    onSubmitted: (_context, task) => submitted.push(task),
  });
  const toolbox = stack.use(await openToolbox({ sources: [source], ...options }));
  await toolbox.ready;
  stack.defer(() => source.leave());
  const owned = stack.move();
  return {
    source,
    toolbox,
    submitted,
    get opened() {
      return opened;
    },
    call: (name, args = {}, more = {}) => toolbox.call(name, args, createTestContext(more)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
