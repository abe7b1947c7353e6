import { array, assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { SseReader } from "../../src/client/sse-reader.ts";

const stream =
  'id: 1\nevent: message\ndata: {"a":1}\n\n: a comment\r\nretry: 250\r\n\r\ndata: two\ndata: lines\r\ndata\r\n\r\nevent: gone\n\nid: 7\rdata:last\r\r';

function readAll(chunks: readonly string[]): readonly string[] {
  const reader = new SseReader(1000);
  return chunks.flatMap((chunk) => [...reader.push(chunk)]).map((event) => JSON.stringify(event));
}

describe("the reader of server-sent events", () => {
  it("reads data, names, ids and the time to wait", () => {
    const reader = new SseReader(1000);
    const events = [...reader.push(`${stream}\n`)];
    expect(events.map(({ name, data }) => [name, data])).toEqual([
      ["message", '{"a":1}'],
      ["message", "two\nlines\n"],
      ["message", "last"],
    ]);
    expect([reader.lastId, reader.retryMs]).toEqual(["7", 250]);
  });

  it("reads the same however the text is cut", () => {
    const whole = readAll([`${stream}\n`]);
    assert(
      property(array(nat(stream.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((left, right) => left - right), stream.length];
        const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end));
        expect(readAll([...chunks, "\n"])).toEqual(whole);
      }),
      { seed: 7 },
    );
  });

  it("refuses an event beyond the limit before it has ended", () => {
    const reader = new SseReader(100);
    const read = (): unknown => [...reader.push("data: ".padEnd(200, "x"))];
    expect(read).toThrow(/at most 100 bytes/u);
  });
});
