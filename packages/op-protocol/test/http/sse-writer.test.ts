import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "op-core";
import { describe, expect, it } from "vitest";
import { SseWriter } from "../../src/http/sse-writer.ts";

/** The chunks in which a client gets what is written. */
async function chunksOf(write: (writer: SseWriter) => void): Promise<readonly string[]> {
  const rules = { clock: systemClock, keepAliveMs: 60_000, maxQueuedBytes: 1000 };
  const answer = (_: unknown, res: ServerResponse): void => write(new SseWriter(res, rules));
  await using server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { body } = await fetch(`http://127.0.0.1:${port}`);
  const chunks = await Array.fromAsync<Uint8Array, string>(body ?? [], (chunk) =>
    Buffer.from(chunk).toString(),
  );
  server.closeAllConnections();
  return chunks;
}

describe("a stream of events", () => {
  it("sends what is written in one turn together, and in order", async () => {
    const chunks = await chunksOf((writer) => {
      for (const data of ["1", "2", "3"]) writer.write({ name: "message", data });
      setImmediate(() => writer.end());
    });
    const events = ["1", "2", "3"].map((data) => `event: message\ndata: ${data}\n\n`);
    expect(chunks).toEqual([events.join("")]);
  });

  it("keeps nothing back when it ends in the same turn", async () => {
    const chunks = await chunksOf((writer) => {
      writer.write({ data: "last", id: "a.1", retryMs: 5 });
      writer.end();
      writer.write({ data: "after the end" });
    });
    expect(chunks.join("")).toBe("id: a.1\nretry: 5\ndata: last\n\n");
  });

  it("gives up a client for which too much of one turn waits", async () => {
    const chunks = chunksOf((writer) => {
      for (let event = 0; event < 3; event += 1) writer.write({ data: "x".repeat(1000) });
    });
    await expect(chunks).rejects.toBeInstanceOf(TypeError);
  });
});
