import { silentLogger, type Logger } from "op-core";
import { describe, expect, it } from "vitest";
import { createMemorySource, type ToolDescriptor, type ToolSource } from "../../src/index.ts";
import { plainDescriptor, plainTool } from "../fixtures/plain-tool.ts";
import { listing, open, turns } from "./open-test-discovery.ts";

async function* never(): AsyncGenerator<ToolDescriptor> {
  await new Promise(() => undefined);
  yield plainDescriptor("never");
}

describe("many sources in one registry", () => {
  it("appear with all their tools, and can be loaded under the names clients see", async () => {
    const first = createMemorySource("first", [plainTool("a"), plainTool("dotted.name")]);
    const second = createMemorySource("second", [plainTool("b")]);
    await using opened = open([first, second]);
    await opened.discovery.ready;
    expect(opened.registry.names()).toEqual(["a", "b", "dotted_name"]);
    const { signal } = new AbortController();
    const tool = await opened.registry.factoryOf("dotted_name")?.({ signal });
    expect(tool?.name).toBe("dotted.name");
    expect(opened.registry.get("b")?.source).toBe("second");
  });

  it("a name two of them want stays with the earlier one, whoever is listed first, and the conflict is told", async () => {
    const gate = Promise.withResolvers<void>();
    const slow = listing("slow", async function* () {
      await gate.promise;
      yield plainDescriptor("same", { description: "the slow one's" });
    });
    const quick = createMemorySource("quick", [
      plainTool("same", { description: "the quick one's" }),
    ]);
    await using opened = open([slow, quick]);
    await turns();
    expect(opened.registry.get("same")?.description).toBe("the quick one's");
    gate.resolve();
    await opened.discovery.ready;
    expect(opened.registry.get("same")?.description).toBe("the slow one's");
    expect(opened.registry.get("quick_same")?.description).toBe("the quick one's");
    expect(opened.discovery.conflicts()).toEqual([
      { name: "same", keptBy: "slow", renamed: "quick", to: "quick_same" },
    ]);
  });

  it("one that hangs or fails neither delays nor hides the others, and is tried again", async () => {
    let attempts = 0;
    const failing = listing("failing", async function* () {
      attempts += 1;
      if (attempts < 3) throw new Error("not yet");
      yield plainDescriptor("late");
    });
    const hanging = listing("hanging", never);
    await using opened = open([hanging, failing, createMemorySource("good", [plainTool("a")])], {
      listTimeoutMs: 500,
    });
    await turns();
    expect(opened.registry.names()).toEqual(["a"]);
    expect(opened.discovery.status()).toMatchObject([
      { name: "hanging", state: { kind: "listing" }, isStale: true },
      { name: "failing", state: { kind: "failed", error: "not yet", failures: 1 } },
      { name: "good", state: { kind: "ready" }, tools: 1, isStale: false },
    ]);
    for (let second = 0; second < 5; second += 1) {
      await opened.clock.advance(1000);
      await turns();
    }
    await opened.discovery.ready;
    expect(opened.registry.names()).toEqual(["a", "late"]);
    const [hangs] = opened.discovery.status();
    expect(hangs?.state).not.toEqual({ kind: "ready" });
  });

  it("one that keeps failing says so once, and again when it fails otherwise", async () => {
    const failures = ["no disk", "no disk", "no disk", "no memory"];
    const failing = listing("failing", async function* () {
      const failure = failures.shift();
      if (failure !== undefined) throw new Error(failure);
      yield plainDescriptor("a");
    });
    const warnings: unknown[] = [];
    const warn: Logger["warn"] = (_message, fields) => void warnings.push(fields?.["failures"]);
    await using opened = open([failing], { logger: { ...silentLogger, warn } });
    while (opened.registry.size === 0) {
      await turns();
      await opened.clock.advance(1000);
    }
    expect(warnings).toEqual([1, 4]);
  });

  it("follow what changes, and tell the registry nothing that is the same", async () => {
    const source = createMemorySource("live", [plainTool("a"), plainTool("b")]);
    await using opened = open([source]);
    await opened.discovery.ready;
    opened.events.length = 0;
    source.add(plainTool("c"));
    source.replace(plainTool("a", { description: "new" }));
    source.replace(plainTool("b"));
    source.remove("c");
    await turns();
    expect(opened.events).toEqual([
      { kind: "tool-registered", name: "c" },
      { kind: "tool-replaced", name: "a" },
      { kind: "tool-unregistered", name: "c" },
    ]);
  });

  it("are listed again when they say so, and what is gone goes", async () => {
    let names = ["a", "b"];
    const reset = Promise.withResolvers<void>();
    const source = listing(
      "resetting",
      async function* () {
        for (const name of names) yield plainDescriptor(name);
      },
      {
        async *changes({ signal }) {
          await Promise.race([
            reset.promise,
            new Promise((resolve) => signal.addEventListener("abort", resolve)),
          ]);
          if (!signal.aborted) yield { kind: "source-reset" };
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },
      },
    );
    await using opened = open([source]);
    await opened.discovery.ready;
    names = ["b", "c"];
    reset.resolve();
    await turns();
    expect(opened.registry.names()).toEqual(["a", "b"]);
    await opened.clock.advance(100);
    await turns();
    expect(opened.registry.names()).toEqual(["b", "c"]);
  });

  it("can ask to be listed again without end, and the others still get their turn", async () => {
    let lists = 0;
    const restless = listing(
      "restless",
      async function* () {
        lists += 1;
        yield plainDescriptor("a");
      },
      {
        async *changes() {
          yield { kind: "source-reset" };
        },
      },
    );
    await using opened = open([restless]);
    await opened.discovery.ready;
    await turns();
    expect(lists).toBe(1);
    await opened.clock.advance(1000);
    expect(lists).toBeGreaterThan(1);
    expect(lists).toBeLessThan(30);
  });

  it("whose changes fail after each listing are tried ever more rarely, and say so once", async () => {
    let lists = 0;
    const list: ToolSource["list"] = async function* () {
      lists += 1;
      yield plainDescriptor("a");
    };
    const changes = () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          await turns(3);
          throw new Error("no changes here");
        },
      }),
    });
    const warnings: unknown[] = [];
    const warn: Logger["warn"] = (_message, fields) => void warnings.push(fields?.["failures"]);
    await using opened = open([listing("mute", list, { changes })], {
      logger: { ...silentLogger, warn },
    });
    for (let second = 0; second < 60; second += 1) {
      await turns(5);
      await opened.clock.advance(1000);
    }
    expect(opened.registry.names()).toEqual(["a"]);
    expect(lists).toBeLessThan(15);
    expect(warnings).toEqual([1]);
  });

  it("leave no subscription behind when they fail and are tried again", async () => {
    const signals: AbortSignal[] = [];
    let attempts = 0;
    const source = listing(
      "flaky",
      async function* () {
        attempts += 1;
        if (attempts < 4) throw new Error("not yet");
        yield plainDescriptor("a");
      },
      {
        async *changes({ signal }) {
          signals.push(signal);
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          if (!signal.aborted) yield { kind: "source-reset" };
        },
      },
    );
    await using opened = open([source]);
    for (let second = 0; second < 8; second += 1) await opened.clock.advance(1000);
    expect(opened.registry.names()).toEqual(["a"]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, false]);
  });

  it("are tried again soon, and then less and less often", async () => {
    const atMs: number[] = [];
    const source = listing("broken", async function* () {
      atMs.push(opened.clock.monotonic());
      yield* await Promise.reject<ToolDescriptor[]>(new Error("it ends as soon as it starts"));
    });
    await using opened = open([source]);
    for (let second = 0; second < 60; second += 1) await opened.clock.advance(1000);
    const inFirst = (ms: number): number => atMs.filter((at) => at - (atMs[0] ?? 0) < ms).length;
    expect(inFirst(2000)).toBeGreaterThan(1);
    expect(inFirst(10_000)).toBeLessThanOrEqual(5);
    expect(inFirst(60_000)).toBeLessThanOrEqual(8);
  });

  it("lose only the descriptors that are none", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const source = listing("careless", async function* () {
      yield plainDescriptor("a");
      yield Object.assign(plainDescriptor("circular"), { _meta: circular });
      yield JSON.parse("null");
      yield plainDescriptor("b");
    });
    await using opened = open([source]);
    await opened.discovery.ready;
    expect(opened.registry.names()).toEqual(["a", "b"]);
    expect(opened.discovery.quarantined()).toEqual([
      { source: "careless", name: "circular", reason: "it cannot be written as JSON" },
      { source: "careless", name: "", reason: "it is no object" },
    ]);
  });

  it("lose what they list twice but for the first, until they list it once", async () => {
    const lists = [["a", "b", "a", "c"], ["a", "c"], ["c"]];
    const reset = listing(
      "doubling",
      async function* () {
        const names = lists.length > 1 ? lists.shift() : lists[0];
        for (const [index, name] of (names ?? []).entries())
          yield plainDescriptor(name, { description: `${index}` });
      },
      {
        async *changes() {
          yield { kind: "source-reset" };
        },
      },
    );
    await using opened = open([reset]);
    await opened.discovery.ready;
    await turns();
    expect(opened.registry.names()).toEqual(["a", "b", "c"]);
    expect(opened.registry.get("a")?.description).toBe("0");
    expect(opened.discovery.quarantined()).toEqual([
      {
        source: "doubling",
        name: "a",
        reason: "its source lists this name more than once, and only the first counts",
      },
    ]);
    await opened.clock.advance(100);
    await turns();
    expect(opened.registry.names()).toEqual(["a", "c"]);
    expect(opened.discovery.quarantined()).toEqual([]);
  });

  it("are rid of what was wrong with a tool that they list no longer", async () => {
    const lists = [["good", ""], ["good"]];
    const source = listing(
      "careless",
      async function* () {
        const names = lists.length > 1 ? lists.shift() : lists[0];
        for (const name of names ?? []) yield plainDescriptor(name);
      },
      {
        async *changes() {
          yield { kind: "source-reset" };
        },
      },
    );
    await using opened = open([source]);
    await opened.discovery.ready;
    expect(opened.discovery.quarantined()).toMatchObject([{ name: "" }]);
    await opened.clock.advance(100);
    await turns();
    expect(opened.discovery.quarantined()).toEqual([]);
  });

  it("get the same names in whatever order they list what becomes one name", async () => {
    const originals = ["a_b", "a.b", "a b"];
    const namesOf = async (order: readonly string[]): Promise<unknown> => {
      await using opened = open([
        listing("s", async function* () {
          for (const name of order) yield plainDescriptor(name, { description: name });
        }),
      ]);
      await opened.discovery.ready;
      const { registry } = opened;
      return registry.names().map((name) => [name, registry.get(name)?.description]);
    };
    const names = await namesOf(originals);
    expect(names).toContainEqual(["a_b", "a_b"]);
    for (const order of [originals.toReversed(), ["a.b", "a_b", "a b"], ["a b", "a_b", "a.b"]])
      expect(await namesOf(order)).toEqual(names);
  });

  it.each([
    ["no name", { name: "" }],
    ["a schema of an array", { inputSchema: { type: "array" } }],
    ["no description", { description: undefined }],
    ["an unknown risk", { risk: "harmless" }],
    ["tags that are no list", { tags: "x" }],
    ["a megabyte of description", { description: "x".repeat(1_000_000) }],
  ])("a tool with %s is set aside alone, with the reason", async (_what, wrong) => {
    const bad = { ...plainDescriptor("bad"), ...wrong } as ToolDescriptor;
    await using opened = open([
      listing("mixed", async function* () {
        yield bad;
        yield plainDescriptor("good");
      }),
    ]);
    await opened.discovery.ready;
    expect(opened.registry.names()).toEqual(["good"]);
    expect(opened.discovery.quarantined()).toEqual([
      { source: "mixed", name: bad.name, reason: expect.any(String) },
    ]);
  });
});
