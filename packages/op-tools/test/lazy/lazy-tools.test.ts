import { abortable } from "op-core";
import { createManualClock } from "op-core/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLazyTools, type Tool } from "../../src/index.ts";
import { plainTool } from "../fixtures/plain-tool.ts";

const { signal } = new AbortController();

function open(options: { maxTools?: number; idleMs?: number; pinned?: string[] } = {}) {
  const clock = createManualClock();
  const lazy = createLazyTools({ maxTools: 2, idleMs: 1000, clock, ...options });
  const made: string[] = [];
  const disposed: string[] = [];
  const factory = (name: string) => (): Promise<Tool> => {
    made.push(name);
    return Promise.resolve(
      plainTool(name, {
        [Symbol.asyncDispose]: () => {
          disposed.push(name);
          return Promise.resolve();
        },
      }),
    );
  };
  const use = (
    name: string,
    work: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<unknown> => lazy.use(name, factory(name), { caller: { signal }, work });
  return { clock, lazy, made, disposed, use };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("tools that are loaded when they are used", () => {
  it("are loaded once, however many use them at the same time", async () => {
    const { lazy, made, use } = open();
    await Promise.all([use("a"), use("a"), use("a")]);
    await use("a");
    expect(made).toEqual(["a"]);
    expect(lazy.statistics).toMatchObject({ loads: 1, loaded: 1, hits: 1 });
  });

  it("go when there are too many, the least recently used first, and are disposed", async () => {
    const { lazy, disposed, use } = open();
    for (const name of ["a", "b", "a", "c"]) await use(name);
    await turn();
    expect(disposed).toEqual(["b"]);
    expect(lazy.statistics).toMatchObject({ loaded: 2, evictions: 1 });
  });

  it("stay while they are in use, even when there are too many", async () => {
    const { lazy, disposed, use } = open({ maxTools: 1 });
    const gate = Promise.withResolvers<void>();
    const busy = use("a", () => gate.promise);
    await use("b");
    await use("c");
    await turn();
    expect(disposed).toEqual(["b", "c"]);
    gate.resolve();
    await busy;
    expect(lazy.statistics.loaded).toBe(1);
  });

  it("go when they are idle, but not pinned ones and not those in use", async () => {
    const { clock, disposed, use } = open({ maxTools: 9, pinned: ["pinned"] });
    const gate = Promise.withResolvers<void>();
    await use("pinned");
    await use("idle");
    const busy = use("busy", () => gate.promise);
    await clock.advance(2000);
    expect(disposed).toEqual(["idle"]);
    gate.resolve();
    await busy;
    await clock.advance(3000);
    expect(disposed).toEqual(["idle", "busy"]);
  });

  it("have room beside the pinned ones, however many those are", async () => {
    const { lazy, disposed, use } = open({ maxTools: 1, pinned: ["p", "q"] });
    for (const name of ["p", "q", "x", "x"]) await use(name);
    await turn();
    expect(disposed).toEqual([]);
    expect(lazy.statistics).toMatchObject({ loaded: 3, hits: 1 });
    await use("y");
    await turn();
    expect(disposed).toEqual(["x"]);
  });

  it("are loaded again after a load failed, and everyone who waited is told why", async () => {
    const { lazy, use } = open();
    const fail = () => Promise.reject(new Error("no such thing"));
    const waiting = [1, 2].map(() =>
      lazy.use("a", fail, { caller: { signal }, work: () => Promise.resolve() }),
    );
    for (const result of await Promise.allSettled(waiting))
      expect(result).toMatchObject({ reason: { message: "no such thing" } });
    await use("a");
    expect(lazy.statistics).toMatchObject({ failedLoads: 1, loads: 2, loaded: 1, inFlight: 0 });
  });

  it("stop being loaded when the last one who waits has left, and are disposed if they come all the same", async () => {
    const { lazy, disposed } = open();
    const gate = Promise.withResolvers<Tool>();
    let seen: AbortSignal | undefined;
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map((controller) =>
      lazy.use(
        "slow",
        (options) => {
          seen = options.signal;
          return gate.promise;
        },
        { caller: controller, work: () => Promise.resolve() },
      ),
    );
    const ends = Promise.allSettled(waiting);
    controllers[0]!.abort();
    await turn();
    expect(seen?.aborted).toBe(false);
    controllers[1]!.abort();
    await ends;
    expect(seen?.aborted).toBe(true);
    gate.resolve(
      plainTool("slow", {
        [Symbol.asyncDispose]: () => Promise.resolve(void disposed.push("slow")),
      }),
    );
    await turn();
    expect(disposed).toEqual(["slow"]);
    expect(lazy.statistics.loaded).toBe(0);
  });

  it("that nobody waits for any more did not fail to load", async () => {
    const { lazy } = open();
    const controller = new AbortController();
    const end = lazy.use("slow", (options) => abortable(new Promise(() => {}), options.signal), {
      caller: controller,
      work: () => Promise.resolve(),
    });
    controller.abort(new Error("cancelled"));
    await expect(end).rejects.toThrow("cancelled");
    await turn();
    expect(lazy.statistics).toMatchObject({ loads: 1, failedLoads: 0, loaded: 0 });
  });

  it("finish what they do when they were forgotten meanwhile, and are loaded anew for the next", async () => {
    const { lazy, made, disposed, use } = open();
    const gate = Promise.withResolvers<void>();
    const busy = use("a", () => gate.promise);
    await turn();
    lazy.invalidate("a");
    lazy.invalidate("unknown");
    await use("a");
    expect(disposed).toEqual([]);
    gate.resolve();
    await busy;
    await turn();
    expect([made, disposed]).toEqual([["a", "a"], ["a"]]);
  });

  it("are all disposed at the end, after what is in flight, and then refused", async () => {
    const { clock, lazy, disposed, use } = open();
    const gate = Promise.withResolvers<void>();
    const busy = use("a", () => gate.promise);
    await use("b");
    const closing = Promise.all([lazy[Symbol.asyncDispose](), lazy[Symbol.asyncDispose]()]);
    await turn();
    expect(disposed).toEqual([]);
    await expect(use("c")).rejects.toMatchObject({ code: "ERR_TOOLBOX_CLOSED" });
    gate.resolve();
    await busy;
    await closing;
    expect(disposed.toSorted()).toEqual(["a", "b"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("keep the laws in any order of events", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("use" as const), name: fc.constantFrom("a", "b", "c", "d") }),
      fc.record({ kind: fc.constant("finish" as const), index: fc.nat(5) }),
      fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1, 500, 1500) }),
      fc.record({ kind: fc.constant("invalidate" as const), name: fc.constantFrom("a", "b") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, lazy, made, disposed, use } = open();
        const running: { name: string; finish: () => void; done: Promise<unknown> }[] = [];
        for (const one of steps) {
          if (one.kind === "use") {
            const gate = Promise.withResolvers<void>();
            running.push({
              name: one.name,
              finish: gate.resolve,
              done: use(one.name, () => gate.promise),
            });
          } else if (one.kind === "finish") {
            const [ended] = running.splice(one.index, 1);
            ended?.finish();
            await ended?.done;
          } else if (one.kind === "wait") await clock.advance(one.ms);
          else lazy.invalidate(one.name);
          await turn();
          const inUse = new Set(running.map(({ name }) => name)).size;
          expect(lazy.statistics.loaded).toBeLessThanOrEqual(Math.max(2, inUse));
          expect(lazy.statistics.inFlight).toBe(running.length);
          expect(made.length - disposed.length).toBeGreaterThanOrEqual(lazy.statistics.loaded);
        }
        for (const { finish } of running) finish();
        await Promise.all(running.map(({ done }) => done));
        await lazy[Symbol.asyncDispose]();
        expect(disposed.toSorted()).toEqual(made.toSorted());
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
