import assert from "node:assert/strict";
import { isOpError } from "op-core";
import { checkpointMessage, messageLine } from "../sinks/audit-message.ts";
import { entryMessage } from "../sinks/entry-message.ts";
import type { AuditMessage, AuditSink } from "../sinks/audit-sink.ts";
import { composeRecord } from "../entry/compose-record.ts";

/** A sink under test and its destination. */
export interface SinkHarness extends AsyncDisposable {
  readonly sink: AuditSink;
  /** What the destination has got, a text each, once there are this many; each holds the message's line of JSON. */
  received(count: number): Promise<readonly string[]>;
  /** Makes the destination refuse everything; missing where it cannot. */
  break?(): Promise<void>;
}

/** One thing every sink has to do. */
export interface ContractCase {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** What every {@link AuditSink} promises, as cases for any test runner. `open` makes a sink and its destination anew. */
export function auditSinkContract(open: () => Promise<SinkHarness>): readonly ContractCase[] {
  return [
    {
      name: "delivers messages whole and in order",
      check: async () => {
        await using harness = await open();
        const messages = sampleMessages();
        await harness.sink.write(messages.slice(0, 1));
        await harness.sink.write(messages.slice(1));
        const received = await harness.received(messages.length);
        assert.equal(received.length, messages.length);
        for (const [at, message] of messages.entries()) {
          assert.ok(
            received[at]?.includes(messageLine(message)),
            `message ${at} is not what was sent`,
          );
        }
      },
    },
    {
      name: "does not send when it was aborted before",
      check: async () => {
        await using harness = await open();
        const reason = new Error("aborted");
        const signal = AbortSignal.abort(reason);
        await assert.rejects(
          harness.sink.write(sampleMessages(), { signal }),
          (error) => error === reason,
        );
      },
    },
    {
      name: "rejects with ERR_AUDIT_SINK when the destination does not take it",
      check: async () => {
        await using harness = await open();
        if (harness.break === undefined) return;
        await harness.break();
        await assert.rejects(
          harness.sink.write(sampleMessages()),
          (error) => isOpError(error) && error.code === "ERR_AUDIT_SINK",
        );
      },
    },
    {
      name: "can be closed twice, and unused",
      check: async () => {
        await using harness = await open();
        await harness.sink[Symbol.asyncDispose]();
        await harness.sink[Symbol.asyncDispose]();
      },
    },
  ];
}

/** An entry with text that is hard to carry, an entry without a place, and a checkpoint. */
function sampleMessages(): readonly AuditMessage[] {
  const options = { digest: undefined, maxArgumentsBytes: 65_536 };
  const stamp = { nowMs: Date.UTC(2026, 0, 1), monotonicMs: 1.5 };
  const hard = { text: 'Zoë said "]\\" =|\n<3>\tnext line' };
  const call = { kind: "call-began", tool: "write_file", risk: "write", arguments: hard } as const;
  const event = {
    kind: "event",
    event: "authentication-failed",
    details: { from: "::1" },
  } as const;
  const at = "2026-01-01T00:00:00.000Z";
  return [
    entryMessage(composeRecord(call, stamp, options), 7),
    entryMessage(composeRecord(event, stamp, options), undefined),
    checkpointMessage(at, 8, "example/audit\n8\nroot\n\n— example/audit signature\n"),
  ];
}
