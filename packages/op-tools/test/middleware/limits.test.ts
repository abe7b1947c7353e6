import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { LimitConcurrencyConfig, LimitRateConfig } from "../../src/config.ts";
import {
  compileChain,
  limitConcurrency,
  limitRate,
  textResult,
  type ToolResult,
} from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

describe("concurrency", () => {
  function setUp(options: Partial<LimitConcurrencyConfig>) {
    const limit = limitConcurrency({ ...LimitConcurrencyConfig.parse({}), ...options });
    const running: { name: string; finish: (result: ToolResult) => void }[] = [];
    const chains = new Map(
      ["a", "b"].map((name) => {
        const tool = plainDescriptor(name);
        const chain = compileChain([limit], tool, () => {
          const { promise, resolve } = Promise.withResolvers<ToolResult>();
          running.push({ name, finish: resolve });
          return promise;
        });
        return [
          name,
          (signal = new AbortController().signal) =>
            chain({ tool, args: {}, context: createTestContext({ signal }) }),
        ] as const;
      }),
    );
    return { running, call: (name: string, signal?: AbortSignal) => chains.get(name)!(signal) };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test("a tool takes so many calls at a time, and leaves room for others", async () => {
    const { running, call } = setUp({ maxCalls: 3, maxCallsPerTool: 1 });
    const calls = [call("a"), call("a"), call("b")];
    await settled();
    expect(running.map(({ name }) => name)).toEqual(["a", "b"]);
    running[0]?.finish(textResult("1"));
    await settled();
    expect(running.map(({ name }) => name)).toEqual(["a", "b", "a"]);
    for (const { finish } of running) finish(textResult("x"));
    await Promise.all(calls);
  });

  test("all tools together take so many", async () => {
    const { running, call } = setUp({ maxCalls: 1, maxCallsPerTool: 9 });
    const calls = [call("a"), call("b")];
    await settled();
    expect(running).toHaveLength(1);
    running[0]?.finish(textResult("1"));
    await calls[0];
    await settled();
    running[1]?.finish(textResult("2"));
    expect(await calls[1]).toEqual(textResult("2"));
  });

  test("who finds no room to wait is refused, and who leaves gives up the place", async () => {
    const { running, call } = setUp({ maxCallsPerTool: 1, maxQueue: 1 });
    const first = call("a");
    const leaving = new AbortController();
    const second = call("a", leaving.signal);
    await expect(call("a")).rejects.toThrow(expect.objectContaining({ code: "ERR_QUEUE_FULL" }));
    leaving.abort(new Error("left"));
    await expect(second).rejects.toThrow("left");
    const third = call("a");
    running[0]?.finish(textResult("1"));
    await first;
    await settled();
    running[1]?.finish(textResult("3"));
    expect(await third).toEqual(textResult("3"));
  });
});

describe("rate", () => {
  function setUp(options: Partial<LimitRateConfig>) {
    const clock = createManualClock();
    const limit = limitRate({ ...LimitRateConfig.parse({}), ...options, clock });
    const call = (tool: string, principal = "alice") =>
      compileChain([limit], plainDescriptor(tool), async () => textResult(""))({
        tool: plainDescriptor(tool),
        args: {},
        context: createTestContext({ principal: { id: principal, scopes: [] } }),
      });
    return { clock, call };
  }
  const slow = { callsPerSecond: 2, burst: 2 };
  const plenty = { callsPerSecond: 1000, burst: 1000 };

  test("a caller has so many calls of all tools, and is told when to come back", async () => {
    const { clock, call } = setUp({ perPrincipal: slow, perTool: plenty });
    await call("a");
    await call("b");
    await expect(call("c")).rejects.toThrow(
      expect.objectContaining({ code: "ERR_RATE_LIMITED", data: { retryAfterMs: 500 } }),
    );
    await call("c", "bob");
    await clock.advance(500);
    await call("c");
    await expect(call("c")).rejects.toThrow(expect.objectContaining({ retryable: true }));
  });

  test("a caller has so many calls of one tool; a refused one uses nothing up", async () => {
    const { clock, call } = setUp({ perPrincipal: { callsPerSecond: 1, burst: 3 }, perTool: slow });
    await call("a");
    await call("a");
    for (let time = 0; time < 5; time += 1) {
      await expect(call("a")).rejects.toThrow('of "a"');
    }
    await call("b");
    await clock.advance(10_000);
    await call("a");
  });

  test("the longest unseen caller is forgotten when there are too many", async () => {
    const { call } = setUp({
      perPrincipal: { callsPerSecond: 1, burst: 1 },
      perTool: plenty,
      maxBuckets: 4,
    });
    await call("a", "alice");
    await expect(call("a", "alice")).rejects.toThrow("Too many calls");
    await call("a", "bob");
    await call("a", "carol");
    await call("a", "alice");
  });
});
