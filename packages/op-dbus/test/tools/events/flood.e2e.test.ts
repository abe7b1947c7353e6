import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { JsonObject } from "op-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DBusSource } from "../../../src/tools/index.ts";
import { flood, openFloodSender, type FloodSender } from "../../fixtures/flood.ts";
import { callTool, contextOf, openSource } from "../../fixtures/open-dbus-source.ts";
import { openDbusDaemon, type DbusDaemon } from "../../rig/dbus-daemon.ts";

const total = 45_000;
const perSecond = 15_000;
const ringSize = 256;
const mostGrowthBytes = 16 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe("ten thousand signals a second", () => {
  let stack: AsyncDisposableStack;
  let daemon: DbusDaemon;
  let sender: FloodSender;
  let source: DBusSource;

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    daemon = stack.use(await openDbusDaemon());
    source = stack.use(openSource({ config: { session: daemon.address } }));
    sender = stack.use(await openFloodSender(daemon.address, { total, perSecond }));
  });

  afterEach(() => stack.disposeAsync());

  const selection = { service: flood.service };
  const read = (cursor: unknown): Promise<JsonObject> =>
    callTool(source, "dbus_events", {
      ...selection,
      cursor: String(cursor),
      limit: 256,
      waitSeconds: 1,
    });

  it("reach dbus_events: each is told once, or counted as dropped", async () => {
    let { cursor } = await callTool(source, "dbus_events", selection);
    const before = heapBytes();
    const sending = sender.send();
    const numbers: number[] = [];
    let dropped = 0;
    while (numbers.length + dropped < total) {
      const page = await read(cursor);
      ({ cursor } = page);
      dropped += Number(page["dropped"] ?? 0);
      for (const { args } of page["events"] as { args: { number: number } }[])
        numbers.push(args.number);
    }
    expect(numbers.length + dropped).toBe(total);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
    expect(numbers.at(-1)).toBe(total - 1);
    expect(await sending).toBeGreaterThan(2000);
    expect(heapBytes() - before).toBeLessThan(mostGrowthBytes);
  }, 30_000);

  it("that nobody reads cost no more memory than the ring, and all others are counted", async () => {
    const { cursor } = await callTool(source, "dbus_events", selection);
    const before = heapBytes();
    expect(await sender.send()).toBeGreaterThan(2000);
    await vi.waitFor(
      async () => {
        const { events, dropped = 0 } = await read(cursor);
        expect(events).toHaveLength(ringSize);
        expect(dropped).toBe(total - ringSize);
      },
      { timeout: 10_000, interval: 10 },
    );
    expect(heapBytes() - before).toBeLessThan(mostGrowthBytes);
  }, 30_000);

  it("of a followed object are a few updates, and its reading counts what is gone", async () => {
    const uri = `dbus://session/${flood.service}${flood.signal.path}`;
    const { signal } = new AbortController();
    const who = { signal, principal: contextOf().principal };
    let updates = 0;
    const counting = count(source.resources.changes?.({ signal }));
    await source.resources.follow?.(uri, who);
    const before = heapBytes();
    const beganAt = performance.now();
    expect(await sender.send()).toBeGreaterThan(2000);
    await vi.waitFor(
      async () => {
        const [contents] = await source.resources.read(uri, who);
        const object = JSON.parse(
          contents !== undefined && "text" in contents ? contents.text : "",
        );
        expect(object.signals.at(-1).args.number).toBe(total - 1);
        expect(object.droppedSignals).toBe(total - ringSize);
      },
      { timeout: 10_000, interval: 10 },
    );
    expect(updates).toBeGreaterThan(1);
    expect(updates).toBeLessThan((performance.now() - beganAt) / 100 + 1);
    expect(heapBytes() - before).toBeLessThan(mostGrowthBytes);
    await source[Symbol.asyncDispose]();
    await counting;

    async function count(changes: AsyncIterable<unknown> | undefined): Promise<void> {
      for await (const _ of changes ?? []) updates += 1;
    }
  }, 30_000);
});
