import type { JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { CacheResultConfig } from "../../src/config.ts";
import { cacheResult, compileChain, textResult, type ToolResult } from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

const repeatable = { readOnlyHint: true, idempotentHint: true };

function setUp(options: Partial<CacheResultConfig> = {}, answer = textResult) {
  const clock = createManualClock();
  const cache = cacheResult({ ...CacheResultConfig.parse({}), ttlMs: 1000, ...options, clock });
  let runs = 0;
  const call = (args: JsonObject, who = "alice", more: object = { annotations: repeatable }) => {
    const tool = plainDescriptor("status", more);
    const chain = compileChain([cache], tool, async (): Promise<ToolResult> => {
      runs += 1;
      return answer(`run ${runs}`);
    });
    return chain({
      tool,
      args,
      context: createTestContext({ principal: { id: who, scopes: [] } }),
    });
  };
  return { clock, call, runs: () => runs };
}

test("the same call of the same caller gets the same answer for a while", async () => {
  const { clock, call } = setUp();
  expect(await call({ a: 1, b: 2 })).toEqual(textResult("run 1"));
  expect(await call({ b: 2, a: 1 })).toEqual(textResult("run 1"));
  await clock.advance(1001);
  expect(await call({ a: 1, b: 2 })).toEqual(textResult("run 2"));
});

test("another caller, other arguments and a tool of the same name elsewhere get their own", async () => {
  const { call, runs } = setUp();
  await call({ a: 1 });
  await call({ a: 2 });
  await call({ a: 1 }, "bob");
  await call({ a: 1 }, "alice", { annotations: repeatable, source: "other" });
  expect(runs()).toBe(4);
});

test("only tools that may be repeated are answered from memory, or those that are listed", async () => {
  const plain = setUp();
  await plain.call({}, "alice", { annotations: { readOnlyHint: true } });
  await plain.call({}, "alice", { annotations: { readOnlyHint: true } });
  expect(plain.runs()).toBe(2);
  const listed = setUp({ tools: ["sta*s"] });
  await listed.call({}, "alice", {});
  await listed.call({}, "alice", {});
  expect(listed.runs()).toBe(1);
});

test("error results are not kept", async () => {
  const { call, runs } = setUp({}, (text) => ({ ...textResult(text), isError: true }));
  await call({});
  await call({});
  expect(runs()).toBe(2);
});

test("the memory is bounded by answers and by bytes", async () => {
  const few = setUp({ maxEntries: 1 });
  await few.call({ a: 1 });
  await few.call({ a: 2 });
  expect(await few.call({ a: 1 })).toEqual(textResult("run 3"));
  const small = setUp({ maxBytes: 1000 }, (text) => textResult(text.padEnd(5000)));
  await small.call({});
  await small.call({});
  expect(small.runs()).toBe(2);
});
