import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { readSocket } from "op-core/streams";
import { describe, expect, it } from "vitest";
import { createStreamTransport, type Malformed } from "../../src/index.ts";

function open(
  options: { maxMessageBytes?: number; maxQueuedBytes?: number; gathers?: boolean } = {},
) {
  const input = new PassThrough();
  const output = new PassThrough();
  const messages: unknown[] = [];
  const problems: Malformed[] = [];
  const ends: (Error | "ended" | "closed")[] = [];
  const transport = createStreamTransport({ input, output, ...options });
  transport.start({
    message: (value) => void messages.push(value),
    malformed: (problem) => void problems.push(problem),
    ended: () => void ends.push("ended"),
    closed: (reason) => void ends.push(reason ?? "closed"),
  });
  const feed = async (...chunks: (string | Buffer)[]): Promise<void> => {
    for (const chunk of chunks) input.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { input, output, messages, problems, ends, transport, feed };
}

describe("a transport over streams", () => {
  it("finds messages wherever the chunks are cut, also inside a character", async () => {
    const { feed, messages } = open();
    const bytes = Buffer.from('{"a":"é"}\r\n\n{"b":1}\n  \n{"c"');
    for (const byte of bytes) await feed(Buffer.from([byte]));
    await feed(":2}\n");
    expect(messages).toEqual([{ a: "é" }, { b: 1 }, { c: 2 }]);
  });

  it("keeps what came of a message while others are read into the same place", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stream-transport-"));
    const [writers, readers]: [Socket[], Socket[]] = [[], []];
    const path = join(folder, "socket");
    const server = createServer((socket) => void writers.push(socket)).listen(path);
    await once(server, "listening");
    const messages: unknown[] = [];
    const transports = [0, 1].map(() => {
      const input = readSocket((onread) => {
        const reader = connect({ path, onread });
        readers.push(reader);
        return reader;
      });
      const transport = createStreamTransport({ input, output: new PassThrough() });
      transport.start({
        message: (value) => void messages.push(value),
        malformed: (problem) => void messages.push(problem),
        closed: () => undefined,
      });
      return transport;
    });
    try {
      await expect.poll(() => writers.length).toBe(2);
      let sent = 0;
      for (const part of ['["the first', " and the second", ' part"]\n']) {
        for (const writer of writers) writer.write(part);
        sent += part.length;
        await expect.poll(() => readers.map(({ bytesRead }) => bytesRead)).toEqual([sent, sent]);
      }
      await expect.poll(() => messages.length).toBe(2);
      const whole = ["the first and the second part"];
      expect(messages).toEqual([whole, whole]);
    } finally {
      for (const one of transports) await one[Symbol.asyncDispose]();
      server.close();
      await rm(folder, { recursive: true });
    }
  });

  it("tells what is no JSON and no UTF-8, and reads on", async () => {
    const { feed, messages, problems } = open();
    await feed("{nope\n", Buffer.from([0x22, 0xff, 0x22, 0x0a]), "1\n");
    expect(problems.map(({ kind }) => kind)).toEqual(["not-json", "not-utf-8"]);
    expect(messages).toEqual([1]);
  });

  it("tells what a line begins with that nobody could take for JSON", async () => {
    const { feed, messages, problems } = open();
    await feed("Welcome to a server that says a lot before it says what it should\n2\n");
    const detail = '"Welcome to a server that says a lot befo" is no JSON';
    expect(problems).toEqual([{ kind: "not-json", detail }]);
    expect(messages).toEqual([2]);
  });

  it("leaves a long message unread that is nested deeper than anybody means it, and reads on", async () => {
    const { feed, messages, problems } = open();
    await feed(`${"[".repeat(50_000)}${"]".repeat(50_000)}\n`);
    await feed(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}\n2\n`);
    const detail = "a message may be nested 1000 levels deep";
    expect(problems).toEqual([
      { kind: "too-deep", detail },
      { kind: "too-deep", detail },
    ]);
    expect(messages).toEqual([2]);
  });

  it.each([
    ["many values side by side", Array.from({ length: 20_000 }, (_, index) => [{ index }])],
    ["brackets in a long string", "[{".repeat(50_000)],
    ["brackets between quotes in a string", '"[{'.repeat(50_000)],
    [
      "brackets after backslashes in strings",
      Array.from({ length: 3000 }, () => ['\\"[{\\\\', "[", "\\"]),
    ],
    ["999 levels", JSON.parse(`${"[".repeat(998)}"${"x".repeat(70_000)}"${"]".repeat(998)}`)],
  ])("reads a long message with %s", async (_what, value) => {
    const { feed, messages, problems } = open();
    const text = JSON.stringify({ value });
    expect(text.length).toBeGreaterThan(65_536);
    await feed(`${text}\n`);
    expect(problems).toEqual([]);
    expect(JSON.stringify(messages)).toBe(`[${text}]`);
  });

  it("takes the replacement character for what it is where it was written", async () => {
    const { feed, messages, problems } = open();
    const broken = Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22, 0x0a]);
    await feed(Buffer.concat([Buffer.from('"\uFFFD"\n'), broken, Buffer.from('"\uFFFDé"\n')]));
    expect(messages).toEqual(["\uFFFD", "\uFFFDé"]);
    expect(problems).toEqual([{ kind: "not-utf-8", detail: "a line of 5 bytes is not UTF-8" }]);
  });

  it("drops a message that is too long without keeping it, tells once, and reads on", async () => {
    const { feed, messages, problems } = open({ maxMessageBytes: 10 });
    await feed('"123456789', "0", "x".repeat(100), '"\n"12345678"\n');
    expect(problems.map(({ kind }) => kind)).toEqual(["too-large"]);
    expect(messages).toEqual(["12345678"]);
  });

  it("writes the messages of one turn at once", async () => {
    const { output, transport, feed } = open();
    const writes: string[] = [];
    output.on("data", (chunk: Buffer) => void writes.push(chunk.toString()));
    transport.send({ jsonrpc: "2.0", method: "a" });
    transport.send({ jsonrpc: "2.0", method: "b" });
    await feed();
    expect(writes).toEqual(['{"jsonrpc":"2.0","method":"a"}\n{"jsonrpc":"2.0","method":"b"}\n']);
  });

  it("sends what many have to say together where it gathers, and holds up nobody who is alone", async () => {
    const { output, transport, feed } = open({ gathers: true });
    const writes: string[] = [];
    output.on("data", (chunk: Buffer) => void writes.push(chunk.toString()));
    const lineOf = (id: string): string => `{"jsonrpc":"2.0","id":"${id}","method":"ask"}\n`;
    const answer = async (...ids: readonly string[]): Promise<void> =>
      await feed(ids.map((id) => `{"jsonrpc":"2.0","id":"${id}","result":{}}\n`).join(""));
    const round = async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) {
        transport.send({ jsonrpc: "2.0", id, method: "ask" });
        // Whatever belongs to this sender is done before the next has its turn, in the same round of the loop.
        await new Promise<void>((resolve) => process.nextTick(resolve));
      }
      await feed();
      await feed();
    };
    await round("a", "b", "c", "d");
    expect(writes.splice(0)).toEqual([lineOf("a"), lineOf("b"), lineOf("c") + lineOf("d")]);
    await answer("a", "b");
    await round("e", "f", "g");
    expect(writes.splice(0)).toEqual([lineOf("e"), lineOf("f") + lineOf("g")]);
    await answer("c", "d", "e", "f", "g");
    await round("h");
    await answer("h");
    await round("i");
    expect(writes.splice(0)).toEqual([lineOf("h"), lineOf("i")]);
    transport.send({ jsonrpc: "2.0", id: "j", method: "ask" });
    await transport[Symbol.asyncDispose]();
    expect(writes).toEqual([lineOf("j")]);
  });

  it("tells the end of the input once, and still answers what came before it", async () => {
    const { input, output, ends, transport, feed } = open();
    input.end();
    await feed();
    expect(ends).toEqual(["ended"]);
    transport.send({ jsonrpc: "2.0", method: "answer" });
    await feed();
    expect(String(output.read())).toContain("answer");
  });

  it("closes once, when nobody can read any more, and then sends nothing", async () => {
    const { output, ends, transport, feed } = open();
    output.destroy(new Error("EPIPE"));
    await feed();
    expect(ends).toMatchObject([{ message: "EPIPE" }]);
    transport.send({ jsonrpc: "2.0", method: "late" });
    await transport[Symbol.asyncDispose]();
    expect(ends).toHaveLength(1);
  });

  it("gives up on a client that does not read", async () => {
    const { ends, transport, feed } = open({ maxQueuedBytes: 100_000 });
    for (let index = 0; index < 4; index += 1) {
      transport.send({ jsonrpc: "2.0", method: "x".repeat(40_000) });
      await feed();
    }
    expect(ends).toMatchObject([{ message: expect.stringContaining("does not read") }]);
  });

  it("does not wait for a client that it has given up", async () => {
    const ends: unknown[] = [];
    const output = new Writable({ write: () => undefined });
    const transport = createStreamTransport({
      input: new PassThrough(),
      output,
      maxQueuedBytes: 10,
    });
    transport.start({
      message: () => undefined,
      malformed: () => undefined,
      closed: (reason) => void ends.push(reason),
    });
    transport.send({ jsonrpc: "2.0", method: "unread" });
    await transport[Symbol.asyncDispose]();
    expect(ends).toMatchObject([{ message: expect.stringContaining("does not read") }]);
  });

  it("waits for a slow reader before it closes, also with little to send", async () => {
    const written: string[] = [];
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        setImmediate(() => {
          written.push(chunk.toString());
          done();
        });
      },
    });
    const transport = createStreamTransport({ input: new PassThrough(), output });
    transport.send({ jsonrpc: "2.0", method: "last" });
    await transport[Symbol.asyncDispose]();
    expect(written.join("")).toContain("last");
  });

  it("does not wait for a reader that is gone", async () => {
    const output = new Writable({ write: () => undefined });
    const transport = createStreamTransport({ input: new PassThrough(), output });
    transport.start({
      message: () => undefined,
      malformed: () => undefined,
      closed: () => undefined,
    });
    transport.send({ jsonrpc: "2.0", method: "last" });
    const disposed = transport[Symbol.asyncDispose]();
    output.destroy(new Error("EPIPE"));
    await expect(disposed).resolves.toBeUndefined();
  });

  it("sends what is queued before it closes", async () => {
    const { output, transport } = open();
    transport.send({ jsonrpc: "2.0", method: "last" });
    await transport[Symbol.asyncDispose]();
    expect(String(output.read())).toContain("last");
  });
});
