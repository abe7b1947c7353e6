import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "../../src/ipc/frame.ts";
import { operationFailure, serveAgent, type Operation } from "../../src/serving/index.ts";

/** An agent in this process, with the host's ends of its streams. */
function serve(operations: Readonly<Record<string, Operation>>) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const messages: unknown[] = [];
  const reader = createFrameReader(1_000_000, {
    onMessage: (message) => messages.push(message),
    onFault: (detail) => expect.fail(detail),
  });
  output.on("data", (chunk: Buffer) => reader.read(chunk));
  const left = serveAgent({ operations, input, output });
  return {
    messages,
    say: (message: object) => input.write(encodeFrame(message)),
    finish: async () => {
      input.end();
      await left;
      return messages;
    },
  };
}

const hello = { type: "hello", protocols: [1], agent: "a", messageBytes: 200 };
const request = { type: "request", id: 1, operation: "work", input: 2 };

describe("an agent", () => {
  it("says what it does, works, answers pings, and finishes before it leaves", async () => {
    const begun = Promise.withResolvers<void>();
    const agent = serve({
      work: async (input, { progress, log }) => {
        log("warn", "working", { hard: true });
        await progress("half");
        await begun.promise;
        return [input];
      },
    });
    agent.say(hello);
    agent.say(request);
    agent.say({ type: "ping", id: 7 });
    const leaving = agent.finish();
    begun.resolve();
    expect(await leaving).toEqual([
      { type: "ready", protocol: 1, operations: ["work"] },
      { type: "log", level: "warn", message: "working", fields: { hard: true } },
      { type: "progress", id: 1, data: "half" },
      { type: "pong", id: 7 },
      { type: "result", id: 1, output: [2] },
    ]);
  });

  it.each<[string, Operation, object]>([
    [
      "a failure as it was put",
      () => Promise.reject(operationFailure({ code: "E", message: "no", retryable: true })),
      { code: "E", message: "no", retryable: true },
    ],
    [
      "any other error by its message alone",
      () => Promise.reject(new Error("broken")),
      { code: "ERR_OPERATION", message: "broken" },
    ],
    [
      "a result that is too large",
      () => Promise.resolve("x".repeat(300)),
      { code: "ERR_RESULT_TOO_LARGE" },
    ],
    ["a thrown text", () => Promise.reject("text"), { message: "text" }],
  ])("reports %s", async (_what, work, error) => {
    const agent = serve({ work });
    agent.say(hello);
    agent.say(request);
    expect((await agent.finish())[1]).toMatchObject({ type: "error", id: 1, error });
  });

  it("reports an operation that it does not have, also one that every object has", async () => {
    const agent = serve({});
    agent.say({ ...request, operation: "toString" });
    expect((await agent.finish())[0]).toMatchObject({
      type: "error",
      error: { code: "ERR_OPERATION" },
    });
  });

  it("stops what is cancelled, and ignores what it does not know", async () => {
    const agent = serve({
      work: async (_input, { signal }) =>
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
        }),
    });
    agent.say(request);
    agent.say({ type: "news", id: 1 });
    agent.say({ type: "cancel", id: 99 });
    agent.say({ type: "cancel", id: 1 });
    expect(await agent.finish()).toEqual([
      { type: "error", id: 1, error: { code: "ERR_OPERATION", message: "stopped" } },
    ]);
  });
});
