import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatType, Variant, type DBusValue } from "../../src/index.ts";
import { encodeMessage } from "../../src/wire/encode-message.ts";
import { messageTypes, type Message } from "../../src/wire/message.ts";
import { MessageSplitter } from "../../src/wire/message-splitter.ts";
import { WireWriter } from "../../src/wire/wire-writer.ts";
import { arbitraryTyped } from "../fixtures/arbitrary-value.ts";

const maxBytes = 1 << 27;
const writer = new WireWriter(maxBytes);

function write(signature: string, body: readonly DBusValue[], limit = maxBytes): Buffer {
  const header = { type: messageTypes.return, flags: 0, replySerial: 1, signature };
  encodeMessage(writer, { header, serial: 1, body }, limit);
  return writer.take();
}

function read(bytes: Buffer): Message | undefined {
  const messages: Message[] = [];
  new MessageSplitter(maxBytes).push(bytes, (message) => messages.push(message));
  return messages[0];
}

describe("what is written", () => {
  it("is read as it was, whatever its type", () => {
    fc.assert(
      fc.property(arbitraryTyped, ({ type, value }) => {
        const signature = formatType(type);
        fc.pre(signature.length <= 255);
        const message = read(write(signature, [value]));
        expect(message).toMatchObject({ signature, replySerial: 1 });
        expect(message?.body).toEqual([value]);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it("may nest 64 deep and no deeper", () => {
    const nest = (depth: number): Variant =>
      Array.from({ length: depth - 1 }).reduce<Variant>(
        (inner) => new Variant("v", inner),
        new Variant("y", 1),
      );
    expect(read(write("v", [nest(64)]))?.body).toEqual([nest(64)]);
    expect(() => write("v", [nest(65)])).toThrow("at most 64 containers");
  });

  it("may not be larger than is allowed", () => {
    const large = new Uint8Array(2000);
    expect(() => write("ay", [large], 1000)).toThrow(
      expect.objectContaining({ code: "ERR_DBUS_TOO_LARGE" }),
    );
    expect(() => write("ay", [new Uint8Array(2 ** 26 + 1)])).toThrow(
      "an array of at most 67108864",
    );
    expect(read(write("ay", [large]))?.body).toEqual([large]);
  });

  it.each<[signature: string, value: unknown, message: string]>([
    ["y", 256, 'Argument 1 has type "y": expected an integer from 0 to 255, got the number 256.'],
    ["u", 1.5, "expected an integer from 0 to 4294967295, got the number 1.5"],
    ["x", 2n ** 63n, "got the bigint 9223372036854775808"],
    ["t", -1, "expected a bigint from 0 to 18446744073709551615, got the number -1"],
    ["b", 1, "expected a boolean, got the number 1"],
    ["s", "a\0b", "expected text without NUL"],
    ["s", "\uD800", "lone surrogates"],
    ["s", undefined, "expected a string, got undefined"],
    ["o", "a", 'expected an object path, got the string "a"'],
    ["g", "z", "expected a signature"],
    ["ay", "text", 'expected bytes, got the string "text"'],
    ["as", ["a", null], 'type "as" at [1]: expected a string, got null'],
    ["(su)", ["a"], "expected an array of 2 values, got an array of 1"],
    ["a{sv}", { a: 1 }, "expected a Map, got an object of class Object"],
    ["a{s(uas)}", new Map([["k", [1, ["x", 5]]]]), 'at ["k"][1][1]: expected a string'],
    ["v", "x", "expected a Variant"],
    ["v", new Variant("ss", "x"), "a Variant of one complete type"],
    ["v", new Variant("zz", "x"), "a Variant with a valid signature"],
  ])("as %s cannot be %o", (signature, value, message) => {
    expect(() => write(signature, [value as DBusValue])).toThrow(message);
  });

  it("has as many arguments as its signature", () => {
    expect(() => write("ss", ["a"])).toThrow("expected 2 arguments, got 1");
  });
});
