import { marshall, unmarshall } from "dbus-native/lib/message.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatType, type DBusValue } from "../../src/index.ts";
import { encodeMessage } from "../../src/wire/encode-message.ts";
import { messageTypes, type Message } from "../../src/wire/message.ts";
import { MessageSplitter } from "../../src/wire/message-splitter.ts";
import { WireWriter } from "../../src/wire/wire-writer.ts";
import { arbitraryTyped } from "../fixtures/arbitrary-value.ts";
import { fromOracle, toOracle } from "./oracle-value.ts";

/**
 * dbus-native reads what we write and writes what we read, over random types and values. Left out, because it cannot
 * represent them: numbers that are not finite, which it refuses to write, and file descriptors, which we refuse.
 */
const runs = { seed: 5, numRuns: 2000 };
const maxBytes = 1 << 27;
const writer = new WireWriter(maxBytes);
const names = {
  path: "/org/example/Thing",
  interface: "org.example.Thing",
  member: "Change",
  destination: "org.example.Service",
};

function write(signature: string, body: readonly DBusValue[]): Buffer {
  const header = { type: messageTypes.call, flags: 0, ...names, signature };
  encodeMessage(writer, { header, serial: 7, body }, maxBytes);
  return writer.take();
}

function read(bytes: Buffer): Message | undefined {
  const messages: Message[] = [];
  new MessageSplitter(maxBytes).push(bytes, (message) => messages.push(message));
  return messages[0];
}

function isFinite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return true;
  const items = value instanceof Map ? [...value.entries()].flat() : Object.values(value);
  return items.every(isFinite);
}

describe("beside dbus-native", () => {
  it("what is written here is read equal there", () => {
    fc.assert(
      fc.property(arbitraryTyped, ({ type, value }) => {
        const signature = formatType(type);
        fc.pre(signature.length <= 255);
        const options = { plainValues: false, variants: "wrap" } as const;
        const message = unmarshall(write(signature, [value]), options);
        expect(message).toMatchObject({ ...names, type: 1, serial: 7, signature });
        expect(fromOracle(type, message.body?.[0])).toEqual(value);
      }),
      runs,
    );
  });

  it("what is written there is read equal here, and is the same bytes", () => {
    fc.assert(
      fc.property(arbitraryTyped, ({ type, value }) => {
        const signature = formatType(type);
        fc.pre(signature.length <= 255 && isFinite(value));
        const body = [toOracle(type, value)];
        const bytes = marshall({ type: 1, serial: 7, ...names, signature, body });
        const message = read(bytes);
        expect(message).toMatchObject({ ...names, type: 1, serial: 7, signature });
        expect(message?.body).toEqual([value]);
        expect(write(signature, [value])).toEqual(bytes);
      }),
      runs,
    );
  });
});
