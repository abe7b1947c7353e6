import { silentLogger, systemClock } from "op-core";
import { createTestContext, describeToolSource } from "op-tools/testing";
import { describe, expect, it } from "vitest";
import { AgentsSettings } from "../../src/agents/agents-settings.ts";
import { createAgentTasks } from "../../src/agents/agent-tasks.ts";
import { createLazyAgents, type LazyAgents } from "../../src/agents/lazy-agents.ts";

function create(config: object = {}): LazyAgents {
  return createLazyAgents({
    config: AgentsSettings.parse(config),
    systemBus: undefined,
    hasNetworkManager: false,
    processes: {
      host: () => Promise.reject(new Error("listing and loading start no process")),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    bus: { attach: () => Promise.reject(new Error("listing and loading ask no bus")) },
    others: undefined,
    call: () => Promise.reject(new Error("nothing is called")),
    onSubmitted: () => undefined,
    directory: "/nonexistent",
    clock: systemClock,
    logger: silentLogger,
  });
}

describeToolSource("the agents", () => Promise.resolve(create().tools));

describe("the agents", () => {
  it("list what is configured, and know their list by the configuration", async () => {
    const { signal } = new AbortController();
    const types = [{ type: "mine", argv: ["/bin/true"], operations: [{ name: "do" }] }];
    const agents = create({ executor: { isEnabled: false }, types });
    const names = (await Array.fromAsync(agents.tools.list({ signal }))).map(({ name }) => name);
    expect(names).toContain("mine_do");
    expect(names).not.toContain("execute_command");
    const known = await create().tools.fingerprint?.({ signal });
    expect(await agents.tools.fingerprint?.({ signal })).not.toBe(known);
    expect(await create().tools.fingerprint?.({ signal })).toBe(known);
  });

  it("close although nothing of them was used", async () => {
    const agents = create();
    await agents.leave();
    await expect(agents.tools[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
});

describe("who did what a call asked for", () => {
  const task = {
    id: "1",
    view: {
      id: "1",
      type: "executor",
      operation: "execute_command",
      principal: "test",
      priority: 100,
      status: "running",
      submittedAtMs: 0,
      attempts: 1,
      agent: "executor-1",
    },
    outcome: new Promise<never>(() => undefined),
    cancel: () => undefined,
  } as const;
  const place = { kind: "native", id: "x", name: "here", platform: "linux-x64" };

  it("is told once, to the very call", () => {
    const tasks = createAgentTasks();
    const inner = createTestContext({ requestId: "a", via: "distribute_task" });
    tasks.note(inner, { task, place });
    expect(tasks.take(createTestContext({ requestId: "a" }))).toEqual({});
    expect(tasks.take(inner)).toEqual({ agent: "executor-1", backend: "native" });
    expect(tasks.take(inner)).toEqual({});
  });
});
