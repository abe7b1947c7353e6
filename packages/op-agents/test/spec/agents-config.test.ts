import { expect, it } from "vitest";
import { AgentsConfig } from "../../src/config.ts";
import { agentsFromConfig } from "../../src/agents/index.ts";

it("has a default for everything", () => {
  expect(AgentsConfig.parse({})).toMatchObject({
    maxAgents: 50,
    types: [],
    executor: { timeoutMs: 30_000 },
  });
});

it("makes agents of what somebody configured, sandboxed and distrusted unless it says otherwise", () => {
  const mine = {
    type: "mine",
    argv: ["/opt/agent", "--fast"],
    operations: [{ name: "do" }],
    limits: { cpuTimeMs: 5000 },
  };
  const agents = agentsFromConfig(AgentsConfig.parse({ types: [mine] }));
  expect(agents.map(({ type }) => type)).toContain("executor");
  expect(agents.at(-1)).toMatchObject({
    type: "mine",
    program: { kind: "executable", argv: ["/opt/agent", "--fast"] },
    operations: [{ name: "do", isIdempotent: false, risk: "privileged" }],
    sandbox: { level: "full", least: "full", network: "none" },
    limits: { process: { cpuTimeMs: 5000, memoryBytes: 536_870_912 } },
  });
});

it("finds agents of others on the bus by their type, unless they are called otherwise", () => {
  const of = (more: object) => ({ type: "printer", operations: [{ name: "print" }], ...more });
  const types = [of({}), of({ type: "scanner", name: "com.example.Scanner" })];
  const agents = agentsFromConfig(AgentsConfig.parse({ dbus: { types } }));
  expect(agents.slice(-2)).toMatchObject([
    { type: "printer", program: { kind: "bus", name: "org.dbusmcp.Agent.Printer" } },
    { type: "scanner", program: { kind: "bus", name: "com.example.Scanner" } },
  ]);
  expect(AgentsConfig.parse({}).dbus).toEqual({
    bus: "session",
    types: [],
    find: { names: [], leastRisk: "privileged" },
    expose: [],
  });
});
