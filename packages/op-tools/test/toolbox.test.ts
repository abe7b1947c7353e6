import { abortable } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import {
  createMemorySource,
  openToolbox,
  textResult,
  type Middleware,
  type ToolSource,
} from "../src/index.ts";
import { createTestContext } from "../src/testing/index.ts";
import { plainTool } from "./fixtures/plain-tool.ts";

describe("a toolbox", () => {
  it("calls a tool through the middleware that concerns it, and counts the call", async () => {
    const clock = createManualClock();
    const seen: string[] = [];
    const middleware: Middleware[] = [
      { name: "all", priority: 10, before: ({ tool }) => void seen.push(`all ${tool.name}`) },
      {
        name: "b only",
        priority: 5,
        appliesTo: ({ name }) => name === "b",
        before: () => void seen.push("b only"),
      },
    ];
    const tools = [
      plainTool("a", { call: (args) => Promise.resolve(textResult(JSON.stringify(args))) }),
      plainTool("b", { call: () => Promise.resolve({ ...textResult("no"), isError: true }) }),
    ];
    await using toolbox = await openToolbox({
      sources: [createMemorySource("s", tools)],
      middleware,
      clock,
    });
    await toolbox.ready;
    expect(await toolbox.call("a", { x: 1 }, createTestContext())).toEqual(textResult('{"x":1}'));
    await toolbox.call("b", {}, createTestContext());
    expect(seen).toEqual(["all a", "b only", "all b"]);
    expect(toolbox.registry.usage("a")).toMatchObject({ calls: 1, errors: 0 });
    expect(toolbox.registry.usage("b")).toMatchObject({ calls: 1, errors: 1 });
    expect(toolbox.status()).toMatchObject({
      known: 2,
      lazy: { loaded: 2 },
      sources: [{ name: "s", tools: 2 }],
    });
  });

  it("says whether every source was listed", async () => {
    const gate = Promise.withResolvers<void>();
    const memory = createMemorySource("s", [plainTool("a")]);
    const slow: ToolSource = {
      name: "s",
      async *list(options) {
        await gate.promise;
        yield* memory.list(options);
      },
      load: (name, options) => memory.load(name, options),
      [Symbol.asyncDispose]: () => memory[Symbol.asyncDispose](),
    };
    await using toolbox = await openToolbox({ sources: [slow] });
    expect(toolbox.isListed).toBe(false);
    gate.resolve();
    await toolbox.ready;
    expect(toolbox.isListed).toBe(true);
  });

  it("does not hold a cancelled call against the tool, however it ends", async () => {
    const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const hang = (index: number, signal: AbortSignal): Promise<never> => {
      began[index]?.resolve();
      return abortable(Promise.withResolvers<never>().promise, signal);
    };
    const tools = [
      plainTool("throws", { call: (_args, { signal }) => hang(0, signal) }),
      plainTool("answers", {
        call: (_args, { signal }) =>
          hang(1, signal).catch(() => ({ ...textResult("cancelled"), isError: true })),
      }),
    ];
    await using toolbox = await openToolbox({ sources: [createMemorySource("s", tools)] });
    await toolbox.ready;
    const controller = new AbortController();
    const ends = Promise.allSettled(
      ["throws", "answers"].map((name) =>
        toolbox.call(name, {}, createTestContext({ signal: controller.signal })),
      ),
    );
    await Promise.all(began.map(({ promise }) => promise));
    controller.abort();
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    for (const name of ["throws", "answers"])
      expect(toolbox.registry.usage(name)).toMatchObject({ calls: 1, errors: 0 });
  });

  it("tells middleware what a call would do, before it does it", async () => {
    const seen: unknown[] = [];
    const look: Middleware = {
      name: "look",
      priority: 1,
      before: async (call) => {
        seen.push(await call.inspector?.effectOf(call), await call.inspector?.preview(call));
        return undefined;
      },
    };
    const tools = [
      plainTool("a"),
      plainTool("b", {
        effectOf: ({ unit }) =>
          Promise.resolve({ risk: "read", summary: `looks at ${JSON.stringify(unit)}` }),
        preview: () => Promise.resolve(textResult("would look")),
      }),
    ];
    const sources = [createMemorySource("s", tools)];
    await using toolbox = await openToolbox({ sources, middleware: [look] });
    await toolbox.ready;
    await toolbox.call("a", {}, createTestContext());
    await toolbox.call("b", { unit: "x" }, createTestContext());
    expect(seen).toEqual([
      { risk: "read", summary: "a" },
      undefined,
      { risk: "read", summary: 'looks at "x"' },
      textResult("would look"),
    ]);
  });

  describe("before every source was listed", () => {
    function slowSource() {
      const released = Promise.withResolvers<void>();
      const inner = createMemorySource("slow", [plainTool("late")]);
      const source: ToolSource = {
        name: inner.name,
        load: (name, options) => inner.load(name, options),
        list: async function* list(options) {
          await released.promise;
          yield* inner.list(options);
        },
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      };
      return { source, release: () => released.resolve() };
    }

    it("waits for a tool that is still to be listed", async () => {
      const { source, release } = slowSource();
      await using toolbox = await openToolbox({ sources: [source] });
      const answer = toolbox.call("late", {}, createTestContext());
      const unknown = toolbox.call("later", {}, createTestContext());
      release();
      await Promise.all([
        expect(answer).resolves.toMatchObject({ content: [{ type: "text" }] }),
        expect(unknown).rejects.toMatchObject({ code: "ERR_TOOL_NOT_FOUND" }),
      ]);
    });

    it("does not wait for long, nor after the call was cancelled", async () => {
      const { source, release } = slowSource();
      const clock = createManualClock();
      const toolbox = await openToolbox({ sources: [source], clock });
      const controller = new AbortController();
      const { signal } = controller;
      const cancelled = toolbox.call("late", {}, createTestContext({ signal }));
      controller.abort(new Error("enough"));
      await expect(cancelled).rejects.toThrow("enough");
      const slow = toolbox.call("late", {}, createTestContext());
      await Promise.all([
        expect(slow).rejects.toMatchObject({ code: "ERR_TOOL_NOT_FOUND" }),
        clock.advance(5000),
      ]);
      release();
      await toolbox[Symbol.asyncDispose]();
    });

    it("waits no longer than the toolbox is open", async () => {
      const { source, release } = slowSource();
      const toolbox = await openToolbox({ sources: [source] });
      const left = toolbox.call("late", {}, createTestContext());
      const closed = toolbox[Symbol.asyncDispose]();
      await expect(left).rejects.toMatchObject({ code: "ERR_TOOLBOX_CLOSED" });
      release();
      await closed;
    });

    it("waits for a source that hangs once, from its start on, and says whose tools are missing", async () => {
      const { source } = slowSource();
      const clock = createManualClock();
      await using toolbox = await openToolbox({ sources: [source], clock });
      await clock.advance(4000);
      const first = toolbox.call("late", {}, createTestContext());
      await Promise.all([
        expect(first).rejects.toMatchObject({ code: "ERR_TOOL_NOT_FOUND" }),
        clock.advance(1000),
      ]);
      // No time passes: whoever asks now is answered at once.
      await expect(toolbox.call("late", {}, createTestContext())).rejects.toMatchObject({
        message: expect.stringContaining("The tools of slow (it has not answered yet) are missing"),
        data: { missing: [{ source: "slow", reason: "it has not answered yet" }] },
      });
    });

    it("waits for no source that cannot have the tool", async () => {
      const { source } = slowSource();
      const fast = Object.assign(createMemorySource("fast", [plainTool("f_a")]), { prefix: "f_" });
      await using toolbox = await openToolbox({ sources: [source, fast] });
      await expect.poll(() => toolbox.registry.get("f_a")).toBeDefined();
      // The one that was listed says that such names are its own.
      await expect(toolbox.call("f_b", {}, createTestContext())).rejects.toMatchObject({
        code: "ERR_TOOL_NOT_FOUND",
      });
      await using narrow = await openToolbox({ sources: [{ ...source, prefix: "s_" }] });
      await expect(narrow.call("other", {}, createTestContext())).rejects.toMatchObject({
        code: "ERR_TOOL_NOT_FOUND",
        message: 'There is no tool named "other".',
      });
    });
  });

  it("names the tool that was probably meant", async () => {
    await using toolbox = await openToolbox({
      sources: [createMemorySource("s", [plainTool("restart_unit")])],
    });
    await toolbox.ready;
    await expect(toolbox.call("restart_unti", {}, createTestContext())).rejects.toMatchObject({
      code: "ERR_TOOL_NOT_FOUND",
      advice: "Did you mean restart_unit?",
    });
  });

  it("calls the new tool once it was replaced, and none once it was removed", async () => {
    const source = createMemorySource("s", [plainTool("a")]);
    await using toolbox = await openToolbox({ sources: [source] });
    await toolbox.ready;
    await toolbox.call("a", {}, createTestContext());
    source.replace(
      plainTool("a", { description: "new", call: () => Promise.resolve(textResult("new")) }),
    );
    await expect.poll(() => toolbox.registry.get("a")?.description).toBe("new");
    expect(await toolbox.call("a", {}, createTestContext())).toEqual(textResult("new"));
    source.remove("a");
    await expect.poll(() => toolbox.registry.has("a")).toBe(false);
    await expect(toolbox.call("a", {}, createTestContext())).rejects.toMatchObject({
      code: "ERR_TOOL_NOT_FOUND",
    });
  });

  it("loads what should be preloaded, and a name that does not exist hurts nobody", async () => {
    await using toolbox = await openToolbox({
      sources: [createMemorySource("s", [plainTool("a"), plainTool("b")])],
      config: { preload: ["a", "missing"] },
    });
    await toolbox.ready;
    expect(toolbox.status().lazy).toMatchObject({ loaded: 1, loads: 1, inFlight: 0 });
  });

  it("lets a call through to its end that was still in the middleware when it was disposed", async () => {
    const asked = Promise.withResolvers<void>();
    const order: string[] = [];
    const middleware: Middleware[] = [
      {
        name: "audit",
        priority: 1,
        after: async (_call, { kind }) => {
          await new Promise((resolve) => setImmediate(resolve));
          order.push(kind);
        },
      },
      { name: "approve", priority: 2, before: () => asked.promise.then(() => undefined) },
    ];
    const sources = [createMemorySource("s", [plainTool("a")])];
    const toolbox = await openToolbox({ sources, middleware });
    await toolbox.ready;
    const call = toolbox.call("a", {}, createTestContext());
    const closing = toolbox[Symbol.asyncDispose]().then(() => order.push("closed"));
    await new Promise((resolve) => setImmediate(resolve));
    asked.resolve();
    expect(await call).toEqual(textResult("a"));
    await closing;
    expect(order).toEqual(["answered", "closed"]);
  });

  it("takes in sources that come, and forgets those that go, with all they offered", async () => {
    const first = createMemorySource("first", [plainTool("same")]);
    await using toolbox = await openToolbox({ sources: [first] });
    await toolbox.ready;
    let isDisposed = false;
    const late = createMemorySource("late", [plainTool("same"), plainTool("own")]);
    const source = {
      name: "late",
      list: late.list.bind(late),
      load: late.load.bind(late),
      changes: late.changes.bind(late),
      [Symbol.asyncDispose]: () => {
        isDisposed = true;
        return late[Symbol.asyncDispose]();
      },
    };
    toolbox.addSource(source);
    await expect.poll(() => toolbox.registry.names()).toEqual(["late_same", "own", "same"]);
    expect(toolbox.registry.get("same")?.source).toBe("first");
    await toolbox.call("own", {}, createTestContext());
    expect(() => toolbox.addSource(late)).toThrow(
      expect.objectContaining({ code: "ERR_SOURCE_EXISTS" }),
    );

    expect(await toolbox.removeSource("late")).toBe(true);
    expect(await toolbox.removeSource("late")).toBe(false);
    expect(isDisposed).toBe(true);
    expect(toolbox.registry.names()).toEqual(["same"]);
    expect(toolbox.status().sources.map(({ name }) => name)).toEqual(["first"]);
    await expect(toolbox.call("own", {}, createTestContext())).rejects.toMatchObject({
      code: "ERR_TOOL_NOT_FOUND",
    });

    toolbox.addSource(createMemorySource("late", [plainTool("again")]));
    await expect.poll(() => toolbox.registry.names()).toEqual(["again", "same"]);
  });

  it("waits for calls in flight, then disposes tools and sources, once", async () => {
    const disposed: string[] = [];
    const gate = Promise.withResolvers<void>();
    const source = createMemorySource("s", [
      plainTool("a", {
        call: async () => {
          await gate.promise;
          return textResult("done");
        },
        [Symbol.asyncDispose]: () => Promise.resolve(void disposed.push("tool")),
      }),
    ]);
    const toolbox = await openToolbox({
      sources: [
        {
          ...source,
          name: "s",
          list: (o) => source.list(o),
          load: (n, o) => source.load(n, o),
          [Symbol.asyncDispose]: () => Promise.resolve(void disposed.push("source")),
        },
      ],
    });
    await toolbox.ready;
    const call = toolbox.call("a", {}, createTestContext());
    const closing = Promise.all([toolbox[Symbol.asyncDispose](), toolbox[Symbol.asyncDispose]()]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(disposed).toEqual([]);
    await expect(toolbox.call("a", {}, createTestContext())).rejects.toMatchObject({
      code: "ERR_TOOLBOX_CLOSED",
    });
    gate.resolve();
    expect(await call).toEqual(textResult("done"));
    await closing;
    expect(disposed).toEqual(["tool", "source"]);
  });
});
