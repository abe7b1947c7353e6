import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createToolRegistry, type RegistryEvent, type ToolRegistration } from "../../src/index.ts";
import { plainDescriptor, plainTool } from "../fixtures/plain-tool.ts";

const registration = (name: string, more = {}): ToolRegistration => ({
  descriptor: plainDescriptor(name, more),
  factory: () => Promise.resolve(plainTool(name)),
});

describe("a registry", () => {
  it("knows tools by name, sorted, by category and by tag", () => {
    const registry = createToolRegistry();
    registry.register("b", registration("b", { category: "net" }));
    registry.register("a", registration("a", { tags: ["x"] }));
    expect(registry.names()).toEqual(["a", "b"]);
    expect(registry.names()).toBe(registry.names());
    expect(registry.byCategory("net")).toEqual(["b"]);
    expect(registry.byTag("x")).toEqual(["a"]);
    expect(registry.get("c")).toBeUndefined();
    expect(registry.size).toBe(2);
  });

  it("refuses a name that is taken, and replaces only when asked to", () => {
    const registry = createToolRegistry();
    registry.register("a", registration("a"));
    expect(() => registry.register("a", registration("a"))).toThrow(
      expect.objectContaining({ code: "ERR_TOOL_EXISTS" }),
    );
    registry.replace("a", registration("a", { description: "new" }));
    expect(registry.get("a")?.description).toBe("new");
  });

  it("tells each change once, until it is no longer wanted", () => {
    const registry = createToolRegistry();
    const events: RegistryEvent[] = [];
    const subscription = registry.onEvent((event) => void events.push(event));
    registry.register("a", registration("a"));
    registry.replace("a", registration("a"));
    expect(registry.unregister("a")).toBe(true);
    expect(registry.unregister("a")).toBe(false);
    subscription[Symbol.dispose]();
    registry.register("b", registration("b"));
    expect(events.map(({ kind }) => kind)).toEqual([
      "tool-registered",
      "tool-replaced",
      "tool-unregistered",
    ]);
  });

  it("counts how a tool is used", () => {
    const registry = createToolRegistry();
    registry.register("a", registration("a"));
    expect(registry.usage("a")).toMatchObject({ calls: 0, meanMs: 0, lastUsedAt: undefined });
    registry.recordCall("a", { durationMs: 10, failed: false, at: 1 });
    registry.recordCall("a", { durationMs: 30, failed: true, at: 2 });
    registry.recordCall("gone", { durationMs: 1, failed: false, at: 3 });
    expect(registry.usage("a")).toMatchObject({
      calls: 2,
      errors: 1,
      lastUsedAt: 2,
      totalMs: 40,
      meanMs: 20,
      maxMs: 30,
    });
    expect(registry.usage("gone").calls).toBe(0);
  });

  it("reads a descriptor only when somebody looks", () => {
    const registry = createToolRegistry();
    let reads = 0;
    registry.register("a", {
      get descriptor() {
        reads += 1;
        return plainDescriptor("a");
      },
      factory: () => Promise.resolve(plainTool("a")),
    });
    expect([registry.names(), registry.has("a"), registry.size]).toEqual([["a"], true, 1]);
    expect(reads).toBe(0);
    expect(registry.get("a")?.name).toBe("a");
    expect(reads).toBe(1);
  });

  it("names misspellings first, then what contains the typed name, and three of ten thousand at most", () => {
    const registry = createToolRegistry();
    const names = Array.from({ length: 10_000 }, (_, index) => `list_all_units_of_group_${index}`);
    for (const name of ["units", "uints_x", "list_unit", ...names])
      registry.register(name, registration(name));
    expect(registry.nearest("unitss")[0]).toBe("units");
    expect(registry.nearest("list_unit")).toEqual(["list_unit"]);
    expect(registry.nearest("all_units").length).toBe(3);
  });

  it.each([
    ["restart_unt", "restart_unit"],
    ["RESTART_UNIT", "restart_unit"],
    ["unit", "restart_unit"],
  ])("%s was perhaps meant to be %s", (typed, meant) => {
    const registry = createToolRegistry();
    for (const name of ["restart_unit", "list_disks", "get_time"])
      registry.register(name, registration(name));
    expect(registry.nearest(typed)).toEqual([meant]);
    expect(registry.nearest("zzzzzzzzzz")).toEqual([]);
  });
});

describe("a registry that began with a pack", () => {
  const packed = ["a", "c", "e"];
  const open = () => {
    const registry = createToolRegistry();
    const looked: string[] = [];
    registry.adopt({
      names: packed,
      at: (place) => {
        const name = packed[place]!;
        looked.push(name);
        return registration(name);
      },
    });
    return { registry, looked };
  };

  it("knows its tools, and looks at each when it is asked for, once", () => {
    const { registry, looked } = open();
    expect([registry.size, registry.names(), registry.has("c"), registry.has("b")]).toEqual([
      3,
      packed,
      true,
      false,
    ]);
    expect(looked).toEqual([]);
    expect(registry.get("c")?.name).toBe("c");
    expect(registry.factoryOf("c")).toBeDefined();
    expect(registry.get("b")).toBeUndefined();
    expect(looked).toEqual(["c"]);
    expect([registry.size, registry.names()]).toEqual([3, packed]);
  });

  it("can take a pack only while it is empty", () => {
    const registry = createToolRegistry();
    registry.register("x", registration("x"));
    expect(() => registry.adopt({ names: [], at: () => registration("x") })).toThrow(
      expect.objectContaining({ code: "ERR_TOOL_EXISTS" }),
    );
  });

  it("changes like any other, in any order of events", () => {
    const step = fc.record({
      kind: fc.constantFrom(
        "get" as const,
        "register" as const,
        "replace" as const,
        "unregister" as const,
      ),
      name: fc.constantFrom("a", "b", "c", "d", "e"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { registry } = open();
        const plain = createToolRegistry();
        for (const name of packed) plain.register(name, registration(name));
        const both = [registry, plain];
        const heard = both.map((one) => {
          const events: RegistryEvent[] = [];
          one.onEvent((event) => void events.push(event));
          return events;
        });
        for (const { kind, name } of steps) {
          const answers = both.map((one) => {
            if (kind === "get") return one.get(name);
            if (kind === "unregister") return one.unregister(name);
            if (kind === "register" && one.has(name)) return "taken";
            return one[kind](name, registration(name, { description: "new" }));
          });
          expect(answers[0]).toEqual(answers[1]);
          expect([registry.size, registry.names()]).toEqual([plain.size, plain.names()]);
        }
        expect(heard[0]).toEqual(heard[1]);
      }),
      { seed: 23 },
    );
  });
});
