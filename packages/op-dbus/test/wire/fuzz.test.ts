import { describe, expect, it } from "vitest";
import { MalformedMessageError, Variant, type DBusValue } from "../../src/index.ts";
import { encodeMessage } from "../../src/wire/encode-message.ts";
import { messageTypes, type Message, type MessageHeader } from "../../src/wire/message.ts";
import { MessageSplitter } from "../../src/wire/message-splitter.ts";
import { WireWriter } from "../../src/wire/wire-writer.ts";

const maxBytes = 1 << 20;

/** Mulberry32: the same seed makes the same run everywhere. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function encode(header: MessageHeader, body: readonly DBusValue[] = []): Buffer {
  const writer = new WireWriter(maxBytes);
  encodeMessage(writer, { header, serial: 7, body }, maxBytes);
  return writer.take();
}

const names = { path: "/org/example/a", interface: "org.example.A", member: "M" };
const seeds: readonly Buffer[] = [
  encode({ type: messageTypes.call, flags: 0, ...names, destination: "org.example.B" }),
  encode(
    { type: messageTypes.return, flags: 1, replySerial: 3, sender: ":1.2", signature: "a{sv}" },
    [new Map([["k", new Variant("a(ybnqiuxtd)", [[1, true, 2, 3, 4, 5, 6n, 7n, 8.5]])]])],
  ),
  encode(
    {
      type: messageTypes.error,
      flags: 1,
      replySerial: 3,
      errorName: "org.example.E",
      signature: "s",
    },
    ["héllo wörld, this is a longer text"],
  ),
  encode({ type: messageTypes.signal, flags: 1, ...names, sender: ":1.9", signature: "sa{sv}as" }, [
    "org.example.A",
    new Map([["P", new Variant("v", new Variant("o", "/a/b"))]]),
    ["x", ""],
  ]),
  encode(
    { type: messageTypes.return, flags: 1, replySerial: 3, signature: "aya{oa{sa{sv}}}gaat" },
    [new Uint8Array(40), new Map(), "a{sv}", [[1n], []]],
  ),
];

const interesting = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x61, 0x76, 0x28, 0x7b, 0x6c, 0x42];

function mutate(seed: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(seed);
  for (let change = random(4); change >= 0; change -= 1) {
    const at = random(bytes.length);
    const kind = random(4);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes[at] = interesting[random(interesting.length)] ?? 0;
    else if (kind === 2) bytes.writeUInt32LE(random(1 << 30) * 4, Math.min(at, bytes.length - 4));
    else bytes.copyWithin(at, random(bytes.length), bytes.length);
  }
  return random(8) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

describe("a million mutated messages", () => {
  it.each([1, 2, 3, 4, 5])(
    "of seed %i are read or refused, and leave nothing behind",
    (seed) => {
      const random = createRandom(seed);
      const received: Message[] = [];
      let read = 0;
      let refused = 0;
      const startBytes = process.memoryUsage().rss;
      for (let index = 0; index < 200_000; index += 1) {
        const splitter = new MessageSplitter(maxBytes);
        received.length = 0;
        try {
          splitter.push(mutate(seeds[random(seeds.length)]!, random), (message) => {
            received.push(message);
          });
          read += received.length;
        } catch (error) {
          if (!(error instanceof MalformedMessageError)) throw error;
          refused += 1;
        }
      }
      expect(read).toBeGreaterThan(1000);
      expect(refused).toBeGreaterThan(50_000);
      expect(process.memoryUsage().rss - startBytes).toBeLessThan(300 * 1024 * 1024);
    },
    60_000,
  );
});

describe("a message in pieces", () => {
  it.each([1, 2, 3])("is the same as in one, seed %i", (seed) => {
    const random = createRandom(seed);
    const stream = Buffer.concat(Array.from({ length: 200 }, () => seeds[random(seeds.length)]!));
    const whole: Message[] = [];
    new MessageSplitter(maxBytes).push(stream, (message) => whole.push(message));
    const pieces: Message[] = [];
    const splitter = new MessageSplitter(maxBytes);
    for (let at = 0; at < stream.length;) {
      const end = at + 1 + random(random(4) === 0 ? 400 : 20);
      const chunk = Buffer.from(stream.subarray(at, end));
      splitter.push(chunk, (message) => pieces.push(message));
      // The connection reads into the same buffer again.
      chunk.fill(0xaa);
      at = end;
    }
    expect(pieces).toEqual(whole);
    expect(whole).toHaveLength(200);
  });
});
