import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createScriptedTransport, type Script } from "../../src/testing/index.ts";

function open(script: Script) {
  const clock = createManualClock();
  const transport = createScriptedTransport(script, clock);
  const heard: unknown[] = [];
  transport.start({
    message: (value) => void heard.push(value),
    malformed: ({ kind }) => void heard.push(kind),
    closed: (reason) => void heard.push(reason ?? "closed"),
  });
  const ask = (method: string, id = 1): void => transport.send({ jsonrpc: "2.0", id, method });
  return { clock, transport, heard, ask };
}

describe("a scripted far end", () => {
  it("answers in order, and the last reaction stays", async () => {
    const { clock, heard, ask } = open({
      a: [
        { kind: "answer", result: { n: 1 } },
        { kind: "refuse", error: { code: -1, message: "no" } },
      ],
    });
    for (const id of [1, 2, 3]) ask("a", id);
    await clock.advance(0);
    expect(heard).toEqual([
      { jsonrpc: "2.0", id: 1, result: { n: 1 } },
      { jsonrpc: "2.0", id: 2, error: { code: -1, message: "no" } },
      { jsonrpc: "2.0", id: 3, error: { code: -1, message: "no" } },
    ]);
  });

  it("waits, talks nonsense and leaves", async () => {
    const problem = { kind: "not-json", detail: "garbage" } as const;
    const { clock, heard, ask, transport } = open({
      slow: { kind: "say", value: 5, afterMs: 1000 },
      garble: { kind: "garble", problem },
      bye: { kind: "hang-up" },
      never: { kind: "ignore" },
    });
    ask("slow");
    ask("garble");
    ask("never");
    await clock.advance(999);
    expect(heard).toEqual(["not-json"]);
    await clock.advance(1);
    expect(heard).toEqual(["not-json", 5]);
    ask("slow");
    ask("bye");
    await clock.advance(0);
    ask("garble");
    await clock.advance(2000);
    transport.say("late");
    await transport[Symbol.asyncDispose]();
    expect(heard).toEqual(["not-json", 5, "closed"]);
    expect(transport.sent).toHaveLength(5);
  });
});
