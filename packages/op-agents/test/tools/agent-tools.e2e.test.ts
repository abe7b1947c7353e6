import type { ProgressUpdate, ToolResult } from "op-tools";
import { createTestContext, describeToolSource } from "op-tools/testing";
import { describe, expect, it, vi } from "vitest";
import { AgentsConfig } from "../../src/config.ts";
import { agentsFromConfig } from "../../src/agents/index.ts";
import { defineAgent, type OperationSpec } from "../../src/index.ts";
import { createAgentSource } from "../../src/tools/index.ts";
import { fixtureSpec } from "../fixtures/pools.ts";
import { openAgentTools } from "./open-agent-tools.ts";

describeToolSource("what agents do", async () =>
  Promise.resolve(
    createAgentSource({
      specs: agentsFromConfig(AgentsConfig.parse({})),
      maxAgents: 50,
      openPool: () => Promise.reject(new Error("listing and loading start nothing")),
      call: () => Promise.reject(new Error("nor do they call anything")),
    }),
  ),
);

const dataOf = ({ structuredContent }: ToolResult): unknown => structuredContent;

function taskIdOf(result: ToolResult): string {
  const { structuredContent: data } = result;
  const { taskId } = typeof data === "object" && data !== null && "taskId" in data ? data : {};
  return typeof taskId === "string" ? taskId : "";
}

describe("an operation", () => {
  it("is a tool of its risk, named after its agent, whose call starts the agent and no other", async () => {
    const other = defineAgent({ ...fixtureSpec(), type: "other" });
    await using tools = await openAgentTools([fixtureSpec(), other]);
    const names = tools.toolbox.registry.names();
    expect(names).toEqual(expect.arrayContaining(["fixture_echo", "other_echo", "list_agents"]));
    expect(tools.toolbox.registry.get("fixture_echo")).toMatchObject({
      risk: "read",
      annotations: { readOnlyHint: true },
      category: "fixture",
    });
    await tools.call("list_agents");
    expect(tools.opened).toBe(0);
    const result = await tools.call("fixture_echo", { input: "hello" });
    expect(result.content).toEqual([{ type: "text", text: "hello" }]);
    expect(dataOf(await tools.call("list_agents"))).toMatchObject({
      agents: 1,
      types: [
        { type: "fixture", running: 1, idle: 1 },
        { type: "other", running: 0 },
      ],
    });
    const agents = [{ agent: "fixture-1", isolation: "full", state: "running", tasksDone: 1 }];
    expect(dataOf(await tools.call("agent_status"))).toMatchObject({ agents });
    expect(tools.submitted).toMatchObject([
      { task: { view: { agent: "fixture-1", principal: "test" } }, place: { kind: "native" } },
    ]);
  });

  it("passes its progress on, and its abort reaches the agent", async () => {
    await using tools = await openAgentTools([fixtureSpec()]);
    const seen: ProgressUpdate[] = [];
    const reportProgress = (update: ProgressUpdate) => void seen.push(update);
    await tools.call("fixture_count", { input: 3 }, { reportProgress });
    expect(seen.map(({ progress, message }) => [progress, message])).toEqual([
      [1, "0"],
      [2, "1"],
      [3, "2"],
    ]);
    const stop = new AbortController();
    const hanging = tools.call("fixture_hang", { input: null }, { signal: stop.signal });
    await vi.waitFor(() => expect(tools.submitted.at(-1)?.task.view.progress).toBeDefined());
    stop.abort(new Error("enough"));
    await expect(hanging).rejects.toThrow("enough");
    // It listened: the same agent takes the next task.
    await tools.call("fixture_echo", { input: 1 });
    expect(tools.submitted.at(-1)?.task.view.agent).toBe("fixture-1");
  });

  it("that its agent refuses says why in the agent's own words", async () => {
    await using tools = await openAgentTools([fixtureSpec()]);
    await expect(tools.call("fixture_refuse", { input: null })).rejects.toMatchObject({
      code: "ERR_AGENT_TASK",
      message: "It does not want to.",
      data: { reason: "ERR_NO" },
    });
  });
});

describe("a distributed task", () => {
  it("is answered at once with its id, and its outcome is there later", async () => {
    await using tools = await openAgentTools([fixtureSpec()]);
    const task = { type: "fixture", operation: "echo", input: { input: { a: 1 } }, project: "p" };
    const given = await tools.call("distribute_task", task);
    const taskId = taskIdOf(given);
    await vi.waitFor(async () => {
      const status = dataOf(await tools.call("task_status", { taskId }));
      expect(status).toMatchObject({
        tasks: [{ taskId, status: "done", output: { a: 1 }, agent: "fixture-1", project: "p" }],
      });
    });
    expect(dataOf(await tools.call("get_project_status", { project: "p" }))).toMatchObject({
      projects: [{ project: "p", isOver: true, total: 1, done: 1, tasks: [{ taskId }] }],
    });
  });

  it("is cancelled by whoever submitted it, and nobody else knows it", async () => {
    await using tools = await openAgentTools([fixtureSpec()]);
    const task = { type: "fixture", operation: "fixture_hang", input: { input: null } };
    const taskId = taskIdOf(await tools.call("distribute_task", task));
    const stranger = { principal: { id: "stranger", scopes: [] } };
    for (const tool of ["task_status", "cancel_task"]) {
      await expect(tools.call(tool, { taskId }, stranger)).rejects.toMatchObject({
        code: "ERR_TASK_NOT_FOUND",
      });
    }
    expect(dataOf(await tools.call("task_status", {}, stranger))).toEqual({ tasks: [] });
    expect(dataOf(await tools.call("cancel_task", { taskId }))).toMatchObject({
      status: "cancelled",
      error: { code: "ERR_TASK_CANCELLED" },
    });
  });

  it("goes through all that a call of its tool goes through", async () => {
    const seen: [string, string | undefined][] = [];
    const refuse = {
      name: "refuse",
      priority: 1,
      before: ({ tool, context }: { tool: { name: string }; context: { via?: string } }) => {
        seen.push([tool.name, context.via]);
        if (tool.name === "fixture_echo") throw new Error("not by the rules");
        return undefined;
      },
    };
    await using tools = await openAgentTools([fixtureSpec()], { middleware: [refuse] });
    const task = { type: "fixture", operation: "echo", input: { input: 1 } };
    await expect(tools.call("distribute_task", task)).rejects.toThrow("not by the rules");
    expect(seen).toEqual([
      ["distribute_task", undefined],
      ["fixture_echo", "distribute_task"],
    ]);
    expect(tools.submitted).toEqual([]);
  });

  it("of an operation that nobody has, or that the caller may not see, is refused", async () => {
    await using tools = await openAgentTools([fixtureSpec()]);
    const task = { type: "fixture", operation: "fly" };
    const unknown = { code: "ERR_AGENT_OPERATION_UNKNOWN" };
    await expect(tools.call("distribute_task", task)).rejects.toMatchObject(unknown);
    const narrowedTo = ({ name }: { name: string }) => name !== "fixture_echo";
    const hidden = tools.call("distribute_task", { ...task, operation: "echo" }, { narrowedTo });
    await expect(hidden).rejects.toMatchObject(unknown);
  });

  it("does not hold up the closing of what it goes through", async () => {
    const tools = await openAgentTools([fixtureSpec()]);
    const task = { type: "fixture", operation: "hang", input: { input: null } };
    await tools.call("distribute_task", task);
    await tools[Symbol.asyncDispose]();
    expect((await tools.submitted[0]?.task.outcome)?.kind).toBe("cancelled");
  });
});

describe("scaling", () => {
  it("starts agents ahead of the load, within the limits of the type", async () => {
    await using tools = await openAgentTools([fixtureSpec({ instances: { min: 0, max: 2 } })]);
    const scaled = await tools.call("scale_agents", { type: "fixture", count: 9 });
    expect(dataOf(scaled)).toMatchObject({ type: "fixture", wanted: 2 });
    await vi.waitFor(
      async () => {
        const status = dataOf(await tools.call("agent_status", { type: "fixture" }));
        expect(status).toMatchObject({ agents: [{ state: "running" }, { state: "running" }] });
      },
      { timeout: 10_000 },
    );
    const unknown = tools.call("scale_agents", { type: "nothing", count: 1 });
    await expect(unknown).rejects.toMatchObject({ code: "ERR_AGENT_OPERATION_UNKNOWN" });
  });
});

it("what an agent would do in this very case is told before it is done", async () => {
  const operation: OperationSpec = {
    name: "do",
    description: "Does it.",
    inputSchema: { type: "object" },
    isIdempotent: false,
    risk: "destructive",
    effectOf: ({ harmless }) => ({
      risk: harmless === true ? "read" : "destructive",
      summary: "Does it",
    }),
  };
  const spec = defineAgent({
    type: "some",
    program: { kind: "executable", argv: ["/bin/false"] },
    operations: [operation],
  });
  await using tools = await openAgentTools([spec]);
  const tool = await tools.source.load("some_do", { signal: new AbortController().signal });
  expect(tool.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  const effect = await tool.effectOf?.({ harmless: true }, createTestContext());
  expect(effect).toEqual({ risk: "read", summary: "Does it" });
});
