import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMcpServer, createStreamTransport, type McpServer } from "../../src/index.ts";
import { local, modernMeta } from "../fixtures/raw-client.ts";
import { createSampleHost } from "../fixtures/sample-host.ts";

/** Mulberry32: the same seed makes the same run everywhere. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const _meta = modernMeta({ elicitation: {} });
const seeds = [
  {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "f", version: "1" },
    },
  },
  { jsonrpc: "2.0", method: "notifications/initialized" },
  { jsonrpc: "2.0", id: "a", method: "tools/list", params: { _meta, cursor: "AAAA" } },
  {
    jsonrpc: "2.0",
    id: 3,
    method: "tools/call",
    params: { name: "echo", arguments: { deep: [[{ x: 1e308 }]] }, _meta },
  },
  { jsonrpc: "2.0", id: 4, method: "resources/read", params: { uri: "note://a", _meta } },
  {
    jsonrpc: "2.0",
    id: 5,
    method: "completion/complete",
    params: {
      ref: { type: "ref/prompt", name: "greet" },
      argument: { name: "who", value: "" },
      _meta,
    },
  },
  { jsonrpc: "2.0", id: 6, method: "logging/setLevel", params: { level: "info" } },
  {
    jsonrpc: "2.0",
    id: 7,
    method: "subscriptions/listen",
    params: { notifications: { toolsListChanged: true }, _meta },
  },
  { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 7 } },
  { jsonrpc: "2.0", id: 1, result: { action: "accept" } },
].map((message) => Buffer.from(`${JSON.stringify(message)}\n`));

const spice = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "1e999",
  "-0",
  "\\u0000",
  "__proto__",
  "\n",
  "\r\n",
  "\uD800",
  "é",
  " ",
  "[".repeat(2000),
];

function mutate(frame: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * frame.length);
  const upTo = Math.min(frame.length, at + Math.floor(random() * 12));
  const head = frame.subarray(0, at);
  switch (Math.floor(random() * 5)) {
    case 0: {
      const flipped = Buffer.from(frame);
      flipped[at] = Math.floor(random() * 256);
      return flipped;
    }
    case 1:
      return Buffer.concat([head, frame.subarray(upTo)]);
    case 2:
      return Buffer.concat([
        head,
        Buffer.from(spice[Math.floor(random() * spice.length)]!),
        frame.subarray(at),
      ]);
    case 3:
      return Buffer.concat([frame.subarray(0, upTo), frame.subarray(at)]);
    default:
      return Buffer.concat([head, seeds[Math.floor(random() * seeds.length)]!]);
  }
}

describe("100,000 mutated frames", () => {
  let server: McpServer;

  beforeAll(() => {
    server = createMcpServer({ host: createSampleHost() });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it.each([1, 2, 3, 4])(
    "of seed %i leave a server that still answers, and every answer is JSON",
    async (seed) => {
      const random = createRandom(seed);
      const input = new PassThrough();
      const output = new PassThrough();
      let text = "";
      output.on("data", (chunk: Buffer) => {
        text = text.slice(-4096) + chunk.toString();
      });
      let lines = 0;
      let rest = "";
      output.on("data", (chunk: Buffer) => {
        const parts = (rest + chunk.toString()).split("\n");
        rest = parts.pop() ?? "";
        lines += parts.length;
        for (const part of parts) JSON.parse(part);
      });
      server.connect(createStreamTransport({ input, output, maxMessageBytes: 64 * 1024 }), local);
      for (let index = 0; index < 25_000; index += 1) {
        input.write(mutate(seeds[Math.floor(random() * seeds.length)]!, random));
        if (index % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      input.write(
        `\n${JSON.stringify({ jsonrpc: "2.0", id: "last", method: "tools/list", params: { _meta } })}\n`,
      );
      while (!text.includes('"id":"last"')) await new Promise((resolve) => setImmediate(resolve));
      expect(lines).toBeGreaterThan(10_000);
      expect(text).toContain('"tools"');
      input.end();
    },
  );
});
