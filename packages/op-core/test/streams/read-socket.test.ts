import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { readSocket, type SocketReadable } from "op-core/streams";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
let path: string;
let accepted: ((socket: Socket) => void) | undefined;
const server = createServer((socket) => accepted?.(socket.on("error", () => undefined)));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-socket-"));
  path = join(folder, "socket");
  server.listen(path);
  await once(server, "listening");
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** A stream and who writes into it. */
async function openPair(): Promise<readonly [SocketReadable, Socket]> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  accepted = resolve;
  const stream = readSocket((onread) => connect({ path, onread }));
  return [stream, await promise];
}

const large = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7) % 251));

test("what comes can be read as from any stream, also in parts and late", async () => {
  const [stream, writer] = await openPair();
  writer.write(large.subarray(0, 5));
  await expect.poll(() => stream.readableLength).toBe(5);
  writer.write(large.subarray(5, 200_000));
  writer.end(large.subarray(200_000));
  await expect.poll(() => stream.readableLength).toBeGreaterThan(5);
  expect((await buffer(stream)).equals(large)).toBe(true);
});

test("what comes at the same time on two is not mixed up", async () => {
  const pairs = [await openPair(), await openPair()] as const;
  for (let start = 0; start < large.length; start += 50_000) {
    pairs[0][1].write(large.subarray(start, start + 50_000));
    pairs[1][1].write(large.subarray(start, start + 50_000));
  }
  for (const [, writer] of pairs) writer.end();
  const read = await Promise.all(pairs.map(([stream]) => buffer(stream)));
  expect(read.map((one) => one.equals(large))).toEqual([true, true]);
});

test("bytes can be taken as they come, those included that came before", async () => {
  const [stream, writer] = await openPair();
  writer.write(large.subarray(0, 100));
  await expect.poll(() => stream.readableLength).toBe(100);
  const chunks: Buffer[] = [];
  stream.takeBytes((bytes, length) => chunks.push(Buffer.from(bytes.subarray(0, length))));
  writer.end(large.subarray(100));
  await once(stream, "end");
  expect(Buffer.concat(chunks).equals(large)).toBe(true);
});

test("who does not read lets the other side wait", async () => {
  const [stream, writer] = await openPair();
  writer.write(large);
  await expect
    .poll(() => stream.readableLength)
    .toBeGreaterThanOrEqual(stream.readableHighWaterMark);
  expect(stream.readableLength).toBeLessThan(300_000);
  expect(writer.writableLength).toBeGreaterThan(1_000_000);
  const closed = new Promise((resolve) => writer.once("close", resolve));
  stream.destroy();
  await closed;
});

test("a socket that breaks ends its stream with the error, one that is closed without", async () => {
  const broken = readSocket((onread) => connect({ path: join(folder, "missing"), onread }));
  await expect(once(broken, "data")).rejects.toMatchObject({ code: "ENOENT" });
  const [stream, writer] = await openPair();
  const closed = once(stream, "close");
  stream.resume();
  writer.destroy();
  await closed;
  expect(stream.errored).toBeNull();
});
