import { DeadlineExceededError } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { BreakCircuitConfig, TimeoutConfig } from "../../src/config.ts";
import {
  CallSuspendedError,
  ToolNotFoundError,
  ToolTimeoutError,
  breakCircuit,
  compileChain,
  errorMetaKey,
  textResult,
  timeout,
  type Next,
} from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

function setUp(options: Partial<BreakCircuitConfig> = {}) {
  const clock = createManualClock();
  const config = BreakCircuitConfig.parse({ minimumCalls: 3, openMs: 1000, halfOpenCalls: 1 });
  const breaker = breakCircuit({ ...config, ...options, clock });
  const tools = { a: plainDescriptor("a"), b: plainDescriptor("b") };
  const call = (next: Next, name: "a" | "b" = "a", signal = new AbortController().signal) =>
    compileChain(
      [breaker],
      tools[name],
      next,
    )({
      tool: tools[name],
      args: {},
      context: createTestContext({ signal }),
    });
  const failTimes = async (count: number, next: Next, signal?: AbortSignal) => {
    for (let time = 0; time < count; time += 1) {
      await Promise.allSettled([call(next, "a", signal)]);
    }
  };
  return { clock, call, failTimes };
}

const ok: Next = async () => textResult("ok");
const open = expect.objectContaining({ code: "ERR_CIRCUIT_OPEN" });
const fail =
  (error: Error): Next =>
  async () => {
    throw error;
  };
const errorResult =
  (retryable: boolean): Next =>
  async () => ({
    content: [],
    isError: true,
    _meta: { [errorMetaKey]: { code: "ERR_X", retryable } },
  });

test("what keeps failing is refused for a while and then tried again", async () => {
  const { clock, call, failTimes } = setUp();
  await failTimes(3, fail(new Error("connection lost")));
  await expect(call(ok)).rejects.toThrow(open);
  expect(await call(ok, "b")).toEqual(textResult("ok"));
  await clock.advance(1000);
  expect(await call(ok)).toEqual(textResult("ok"));
  expect(await call(ok)).toEqual(textResult("ok"));
});

test("the tools of a source may share one circuit", async () => {
  const { call, failTimes } = setUp({ by: "source" });
  await failTimes(3, fail(new Error("gone")));
  await expect(call(ok, "b")).rejects.toThrow(open);
});

test("callers see the tool's own errors and error results", async () => {
  const { call } = setUp();
  const error = new Error("mine");
  await expect(call(fail(error))).rejects.toBe(error);
  expect(await call(errorResult(true))).toMatchObject({ isError: true });
});

describe("counts as failing", () => {
  test.each([
    ["an error that may pass", fail(new ToolTimeoutError("a", 1))],
    ["an unexpected error", fail(new TypeError("bug"))],
    ["an error result that may pass", errorResult(true)],
  ])("%s", async (_, next) => {
    const { call, failTimes } = setUp();
    await failTimes(3, next);
    await expect(call(ok)).rejects.toThrow(open);
  });

  test("a call whose time was up", async () => {
    const { call, failTimes } = setUp();
    const reason = new DeadlineExceededError("It", 1);
    await failTimes(3, fail(reason), AbortSignal.abort(reason));
    await expect(call(ok)).rejects.toThrow(open);
  });
});

test("a tool that ignores its signal counts as failing when its time is up", async () => {
  const { call, failTimes } = setUp();
  const never: Next = () => new Promise(() => undefined);
  const limit = timeout(TimeoutConfig.parse({ defaultMs: 1 }));
  await failTimes(3, (pending) => limit.around?.(pending, never) ?? never(pending));
  await expect(call(ok)).rejects.toThrow(open);
});

describe("does not count as failing", () => {
  test.each([
    ["an expected error", fail(new ToolNotFoundError("x"))],
    ["a call that waits for an answer", fail(new CallSuspendedError("q", {}))],
    ["an error result", errorResult(false)],
  ])("%s", async (_, next) => {
    const { call, failTimes } = setUp();
    await failTimes(9, next);
    expect(await call(ok)).toEqual(textResult("ok"));
  });

  test("a caller who leaves", async () => {
    const { call, failTimes } = setUp();
    await failTimes(9, fail(new Error("left")), AbortSignal.abort(new Error("left")));
    expect(await call(ok)).toEqual(textResult("ok"));
  });
});
