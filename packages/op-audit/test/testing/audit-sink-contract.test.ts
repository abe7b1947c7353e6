import { expect, test } from "vitest";
import { type AuditSink } from "../../src/index.ts";
import { createMemorySink } from "../../src/sinks/index.ts";
import { auditSinkContract } from "../../src/testing/index.ts";

async function failures(change: (sink: AuditSink) => Partial<AuditSink>): Promise<string[]> {
  const failed: string[] = [];
  const open = async () => {
    const memory = createMemorySink();
    const sink = { ...memory, ...change(memory) };
    return {
      sink,
      received: async () => memory.messages.map(({ text }) => text),
      break: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
  };
  for (const { name, check } of auditSinkContract(open)) {
    await check().catch(() => failed.push(name));
  }
  return failed;
}

test("finds sinks that lose or change messages, ignore a signal, or keep quiet about a failure", async () => {
  expect(await failures(() => ({ write: async () => undefined }))).toEqual([
    "delivers messages whole and in order",
    "does not send when it was aborted before",
    "rejects with ERR_AUDIT_SINK when the destination does not take it",
  ]);
});
