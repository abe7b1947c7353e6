import { createRecordingTracer } from "op-core/testing";
import { OpError } from "op-core";
import {
  CallSuspendedError,
  compileChain,
  textResult,
  type Middleware,
  type Next,
  type ToolDescriptor,
} from "op-tools";
import { createTestContext } from "op-tools/testing";
import { describe, expect, it } from "vitest";
import { traceCalls } from "../../src/telemetry/trace-calls.ts";

const tool: ToolDescriptor = {
  name: "look",
  description: "Looks.",
  inputSchema: { type: "object" },
  annotations: {},
  category: "test",
  tags: [],
  source: "tests",
  risk: "read",
};

class RefusedError extends OpError {
  readonly code = "ERR_REFUSED";
}

async function call(middleware: readonly Middleware[], run: Next) {
  const tracer = createRecordingTracer();
  const span = tracer.start("call", { kind: "server" });
  const chain = compileChain(traceCalls(middleware), tool, run);
  const context = createTestContext({ span });
  await chain({ tool, args: {}, context }).catch(() => undefined);
  return tracer.spans.slice(1).map(({ name, parent, failure, isEnded, attributes }) => ({
    name,
    parent,
    failure,
    isEnded,
    isAnswered: attributes["op_mcp.answered"] === true,
  }));
}

const well = { parent: "call", failure: undefined, isEnded: true, isAnswered: false };

describe("the spans of a call", () => {
  it("are the middleware worth seeing, in turn, and the tool with what happens inside it", async () => {
    const spans = await call(
      [
        { name: "authorize", priority: 1, before: () => Promise.resolve(undefined) },
        { name: "validate-input", priority: 2, before: () => undefined },
        { name: "limit-concurrency", priority: 3, around: (one, next) => next(one) },
      ],
      ({ context }) => {
        context.span?.child("inside").end();
        return Promise.resolve(textResult("seen"));
      },
    );
    expect(spans).toEqual([
      { ...well, name: "authorize" },
      { ...well, name: "limit-concurrency" },
      { ...well, name: "execute_tool look" },
      { ...well, name: "inside", parent: "execute_tool look" },
    ]);
  });

  it("end with whoever answered the call, or refused it", async () => {
    const tellNobody: Next = () => Promise.reject(new TypeError("not reached"));
    const cached: Middleware = {
      name: "cache-result",
      priority: 1,
      around: () => Promise.resolve(textResult("known")),
    };
    expect(await call([cached], tellNobody)).toEqual([
      { ...well, name: "cache-result", isAnswered: true },
    ]);
    const refusing: Middleware = {
      name: "authorize",
      priority: 1,
      before: () => {
        throw new RefusedError("no");
      },
    };
    expect(await call([refusing], tellNobody)).toEqual([
      { ...well, name: "authorize", failure: "ERR_REFUSED" },
    ]);
  });

  it("fail where the tool does, and not where a person has to be asked first", async () => {
    const failing = await call([], () => Promise.reject(new RefusedError("no")));
    expect(failing).toEqual([{ ...well, name: "execute_tool look", failure: "ERR_REFUSED" }]);
    const wrong = await call([], () => Promise.resolve({ ...textResult("no"), isError: true }));
    expect(wrong).toEqual([{ ...well, name: "execute_tool look", failure: "tool_error" }]);
    const asking = await call([], () => Promise.reject(new CallSuspendedError("sure?", {})));
    expect(asking).toEqual([{ ...well, name: "execute_tool look" }]);
  });

  it("cost nothing that is not traced", async () => {
    const chain = compileChain(traceCalls([]), tool, ({ context }) =>
      Promise.resolve(textResult(context.span === undefined ? "no span" : "a span")),
    );
    const context = createTestContext();
    expect(await chain({ tool, args: {}, context })).toEqual(textResult("no span"));
  });
});
