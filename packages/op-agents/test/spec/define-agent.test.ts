import { describe, expect, it } from "vitest";
import { defineAgent, type AgentSpecOptions } from "../../src/index.ts";

const operation = {
  name: "echo",
  description: "",
  inputSchema: {},
  isIdempotent: true,
  risk: "read",
} as const;
const least: AgentSpecOptions = {
  type: "echo",
  program: { kind: "executable", argv: ["/bin/cat"] },
  operations: [operation],
};

describe("the specification of an agent", () => {
  it("inherits nothing and has limits unless it says otherwise", () => {
    const spec = defineAgent({ ...least, limits: { maxTasks: 3 } });
    expect(spec).toMatchObject({ env: {}, cwd: "/", sandbox: {}, instances: { min: 1, max: 4 } });
    expect(spec.limits).toMatchObject({ maxTasks: 3, concurrency: 1, taskMs: 60_000 });
  });

  it.each<[string, Partial<AgentSpecOptions>]>([
    ["a type that is no name", { type: "a b" }],
    ["a module without an absolute path", { program: { kind: "module", file: "agent.js" } }],
    ["a relative working directory", { cwd: "tmp" }],
    ["no operations", { operations: [] }],
    ["an operation that is no name", { operations: [{ ...operation, name: "a/b" }] }],
    ["an operation twice", { operations: [operation, operation] }],
    ["fewer at most than at least", { instances: { min: 3, max: 2 } }],
    ["no instance at all", { instances: { min: 0, max: 0 } }],
    ["no task at all", { limits: { maxTasks: 0 } }],
  ])("with %s is refused", (_what, change) => {
    expect(() => defineAgent({ ...least, ...change })).toThrow(
      expect.objectContaining({ code: "ERR_AGENT_SPEC" }),
    );
  });
});
