import { describe, expect, it, vi } from "vitest";
import { openBusConnection } from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

const service = "org.example.Busy";
const target = { destination: service, path: "/a", interface: "org.example.Thing" };
const driver = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
};

describe("a bus that allows 128 unanswered calls", () => {
  const limits = { max_replies_per_connection: 128 };

  it("never sees more than it allows, and every call is answered", async () => {
    await using daemon = await openDbusDaemon({ limits });
    const { address } = daemon;
    await using near = await openBusConnection({ address });
    await using far = await openBusConnection({ address });
    let unanswered = 0;
    let most = 0;
    using _serving = far.serve(async ({ body, signature }) => {
      unanswered += 1;
      most = Math.max(most, unanswered);
      await new Promise((resolve) => setImmediate(resolve));
      unanswered -= 1;
      return { signature, body };
    });
    await far.requestName(service);
    const calls = Array.from({ length: 1000 }, (_, index) =>
      near.call({ ...target, member: "Echo", signature: "u", body: [index] }),
    );
    const answers = await Promise.all(calls);
    expect(answers.map(({ body }) => body[0])).toEqual(calls.map((_, index) => index));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(100);
  });

  it("is not held up by a service that never answers", async () => {
    await using daemon = await openDbusDaemon({ limits });
    const { address } = daemon;
    await using near = await openBusConnection({ address });
    await using hung = await openBusConnection({ address });
    await using well = await openBusConnection({ address });
    using _hanging = hung.serve(() => new Promise(() => undefined));
    using _serving = well.serve(() => Promise.resolve({ signature: "", body: [] }));
    await hung.requestName(service);
    await well.requestName("org.example.Well");
    const given = new AbortController();
    const calls = Array.from({ length: 300 }, () =>
      near.call({ ...target, member: "Never" }, { signal: given.signal }),
    );
    const ends = Promise.allSettled(calls);
    const other = { ...target, destination: "org.example.Well", member: "Do" };
    await expect(near.call(other)).resolves.toBeDefined();
    await expect(near.call({ ...driver, member: "GetId" })).resolves.toBeDefined();
    given.abort();
    expect((await ends).every(({ status }) => status === "rejected")).toBe(true);
    await expect(near.call(other)).resolves.toBeDefined();
  });

  it("refuses calls beyond the queue", async () => {
    await using daemon = await openDbusDaemon({ limits });
    const { address } = daemon;
    await using near = await openBusConnection({ address, maxInFlight: 1, maxQueuedCalls: 1 });
    await using far = await openBusConnection({ address });
    using _serving = far.serve(() => new Promise(() => undefined));
    await far.requestName(service);
    const options = { signal: AbortSignal.timeout(200) };
    const [, , third] = await Promise.allSettled([
      near.call({ ...target, member: "A" }, options),
      near.call({ ...target, member: "B" }, options),
      near.call({ ...target, member: "C" }, options),
    ]);
    expect(third).toMatchObject({ status: "rejected", reason: { code: "ERR_QUEUE_FULL" } });
  });
});

describe("a bus that dies again and again under load", () => {
  it("leaves no call hanging, and repeats none", async () => {
    await using daemon = await openDbusDaemon();
    const { address } = daemon;
    await using near = await openBusConnection({ address });
    await using far = await openBusConnection({ address });
    const seen = new Map<number, number>();
    using _serving = far.serve(({ body }) => {
      const id = Number(body[0]);
      seen.set(id, (seen.get(id) ?? 0) + 1);
      return Promise.resolve({ signature: "u", body: [id] });
    });
    await far.requestName(service);
    await using events = near.events();
    await using farEvents = far.events();
    let id = 0;
    let answered = 0;
    let failed = 0;
    const stop = new AbortController();
    const load = Array.from({ length: 50 }, async () => {
      while (!stop.signal.aborted) {
        const call = { ...target, member: "Once", signature: "u", body: [(id += 1)] };
        try {
          await near.call(call);
          answered += 1;
        } catch {
          failed += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    });
    for (let round = 0; round < 3; round += 1) {
      await vi.waitUntil(() => answered >= (round + 1) * 200, { interval: 1 });
      await daemon.kill();
      await daemon.start();
      for (const kind of ["disconnected", "reconnected"]) {
        await expect(events.next()).resolves.toMatchObject({ value: { kind } });
        await expect(farEvents.next()).resolves.toMatchObject({ value: { kind } });
      }
    }
    stop.abort();
    await Promise.all(load);
    expect(answered).toBeGreaterThanOrEqual(600);
    expect(failed).toBeGreaterThan(0);
    expect(answered + failed).toBe(id);
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
  }, 20_000);
});

describe("a flood of signals", () => {
  it("stays within its buffer and is counted", async () => {
    await using daemon = await openDbusDaemon();
    const { address } = daemon;
    await using near = await openBusConnection({ address });
    await using far = await openBusConnection({ address });
    const signal = { path: "/a", interface: "org.example.Thing", member: "Flood" };
    await using slow = await near.subscribe({ ...signal }, { bufferSize: 100 });
    await using last = await near.subscribe({ ...signal, member: "Last" });
    const total = 20_000;
    const startMs = performance.now();
    for (let index = 0; index < total; index += 1) {
      await far.emit({ ...signal, signature: "us", body: [index, "x".repeat(100)] });
    }
    await far.emit({ ...signal, member: "Last" });
    await last.next();
    const perSecond = total / ((performance.now() - startMs) / 1000);
    expect(slow.dropped).toBe(total - 100);
    await expect(slow.next()).resolves.toMatchObject({
      value: { body: [total - 100, "x".repeat(100)] },
    });
    expect(perSecond).toBeGreaterThan(10_000);
  }, 20_000);
});
