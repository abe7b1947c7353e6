import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStreamServer } from "../../src/spawner/open-stream-server.ts";

const never = new AbortController().signal;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stream-server-"));
  path = join(folder, "streams");
});
afterEach(async () => await rm(folder, { recursive: true }));

async function introduce(token: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  socket.write(token);
  return socket;
}

test("each stream is found by its token, whether it comes before it is asked for or after", async () => {
  const streams = await openStreamServer(path, createManualClock());
  const [early, late] = [randomUUID(), randomUUID()];
  const first = await introduce(early);
  const taken = await streams.take(early, never);
  const waiting = streams.take(late, never);
  const second = await introduce(late);
  taken.write("first");
  (await waiting).write("second");
  expect(String((await once(first, "data"))[0])).toBe("first");
  expect(String((await once(second, "data"))[0])).toBe("second");
  for (const one of [first, second, taken, await waiting]) one.destroy();
});

test("one that nobody asks for is closed after a while, and another spawner's place can be taken", async () => {
  const clock = createManualClock();
  await openStreamServer(path, createManualClock());
  const streams = await openStreamServer(path, clock);
  const stranger = await introduce(randomUUID());
  const known = randomUUID();
  const socket = await introduce(known);
  // When the second is there, so is the first.
  (await streams.take(known, never)).destroy();
  await once(socket.resume(), "close");
  const closed = once(stranger.resume(), "close");
  expect(clock.pendingTimers).toBe(1);
  await clock.advance(5000);
  await closed;
});

test("one that ends without a word is closed", async () => {
  await openStreamServer(path, createManualClock());
  const silent = connect({ path, allowHalfOpen: true });
  await once(silent, "connect");
  const closed = once(silent.resume(), "end");
  silent.end();
  await closed;
  silent.destroy();
  expect(silent.destroyed).toBe(true);
});

test("who no longer waits is told so", async () => {
  const streams = await openStreamServer(path, createManualClock());
  const controller = new AbortController();
  const waiting = streams.take(randomUUID(), controller.signal);
  controller.abort(new Error("it is not wanted"));
  await expect(waiting).rejects.toThrow("it is not wanted");
});
