import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { textResult, timeout, type Next, type ToolCall } from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

function setUp(name = "slow", context = createTestContext()) {
  const clock = createManualClock();
  const limit = timeout({ defaultMs: 100, perTool: { "big_*": 1000 }, clock });
  const call: ToolCall = { tool: plainDescriptor(name), args: {}, context };
  const run = async (next: Next) => await limit.around?.(call, next);
  return { clock, run };
}

test("a quick tool answers, and no timer stays behind", async () => {
  const { clock, run } = setUp();
  expect(await run(async () => textResult("quick"))).toEqual(textResult("quick"));
  expect(clock.pendingTimers).toBe(0);
});

test("a tool that ignores its signal is answered for in time", async () => {
  const { clock, run } = setUp();
  let signal: AbortSignal | undefined;
  const answer = run((call) => {
    ({ signal } = call.context);
    return Promise.withResolvers<never>().promise;
  });
  const settled = Promise.allSettled([answer]);
  await clock.advance(99);
  expect(signal?.aborted).toBe(false);
  await clock.advance(1);
  expect(signal?.aborted).toBe(true);
  expect(await settled).toEqual([
    {
      status: "rejected",
      reason: expect.objectContaining({ code: "ERR_TOOL_TIMEOUT", retryable: true }),
    },
  ]);
});

test("a tool may have a time of its own", async () => {
  const { clock, run } = setUp("big_query");
  const slow = Promise.withResolvers<ReturnType<typeof textResult>>();
  const answer = run(() => slow.promise);
  await clock.advance(999);
  slow.resolve(textResult("at last"));
  expect(await answer).toEqual(textResult("at last"));
});

test("a caller who leaves is told their own reason, and a failing tool its own error", async () => {
  const leaving = new AbortController();
  const left = setUp("slow", createTestContext({ signal: leaving.signal }));
  const answer = left.run(() => Promise.withResolvers<never>().promise);
  leaving.abort(new Error("left"));
  await expect(answer).rejects.toThrow("left");
  expect(left.clock.pendingTimers).toBe(0);
  await expect(setUp().run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("the rest of the context stays as it was", async () => {
  const context = createTestContext({
    client: { name: "inspector", version: "1" },
    meta: { a: 1 },
  });
  const { run } = setUp("slow", context);
  let seen: ToolCall["context"] | undefined;
  await run(async (call) => {
    seen = call.context;
    return textResult("");
  });
  for (const key of [
    "requestId",
    "principal",
    "sessionId",
    "client",
    "logger",
    "ask",
    "meta",
  ] as const) {
    expect(seen?.[key]).toBe(context[key]);
  }
});
