import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createSemaphore } from "op-core";
import { sessionBus } from "dbus-next";
import { isUniqueName, openBusConnection, walkObjects, type BusConnection } from "../src/index.ts";
import { missingSystemd, openBootedSystemd } from "../test/rig/booted-systemd.ts";
import { toLine, type BenchLine, type Promised } from "./bench-line.ts";
import { median } from "./measure.ts";

const run = promisify(execFile);
const rounds = 5;

/** How many objects are asked at the same time, by every client that can. */
const parallelism = 5;

const promise: Promised = {
  id: "dbus-crawl",
  what: "all objects of all services of a booted systemd, described",
  unit: "ms",
  promised: "≤ 0.5 × dbus-next's, ≤ 1.0 × busctl tree and introspect",
  maxRatio: { "dbus-next": 0.5, busctl: 1 },
};

interface Found {
  readonly service: string;
  readonly path: string;
}

/** Crawls a real systemd, beside dbus-next with the same objects, and busctl. */
export async function measureCrawl(): Promise<BenchLine[]> {
  if (missingSystemd !== undefined) throw new Error(missingSystemd);
  await using systemd = await openBootedSystemd();
  const { address } = systemd;
  await using bus = await openBusConnection({ address });
  const objects = await crawl(bus);
  const own: number[] = [];
  const next: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await timed(() => crawl(bus)));
    next.push(await timed(() => crawlByDbusNext(address, objects)));
  }
  const value = median(own);
  const ratio = median(own.map((ours, round) => ours / (next[round] ?? Number.NaN)));
  const busctl = await timed(() => crawlByBusctl(address, objects));
  return [
    toLine(promise, { value, against: "dbus-next", ratio }),
    toLine(promise, { value, against: "busctl", ratio: value / busctl }),
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function crawl(bus: BusConnection): Promise<Found[]> {
  const driver = "org.freedesktop.DBus";
  const target = { destination: driver, path: "/org/freedesktop/DBus", interface: driver };
  const { body } = await bus.call({ ...target, member: "ListNames" });
  const names = Array.isArray(body[0]) ? body[0].map(String) : [];
  const found: Found[] = [];
  for (const service of names.filter((name) => !isUniqueName(name))) {
    const { objects } = await walkObjects(bus, service, { parallelism });
    found.push(...objects.map(({ path }) => ({ service, path })));
  }
  return found;
}

/** The package cannot walk from the root, so it is told which objects there are. */
async function crawlByDbusNext(address: string, objects: readonly Found[]): Promise<void> {
  const bus = sessionBus({ busAddress: address });
  const semaphore = createSemaphore({ permits: parallelism, maxQueue: objects.length });
  try {
    await Promise.all(
      objects.map(async ({ service, path }) => {
        using _permit = await semaphore.acquire();
        await bus.getProxyObject(service, path);
      }),
    );
  } finally {
    bus.disconnect();
  }
}

async function crawlByBusctl(address: string, objects: readonly Found[]): Promise<void> {
  const busctl = (...args: string[]) =>
    run("busctl", [`--address=${address}`, ...args], { maxBuffer: 1 << 26 });
  for (const service of new Set(objects.map((object) => object.service))) {
    await busctl("tree", service);
  }
  for (const { service, path } of objects) {
    // It also reads the properties and fails where an object has none to read, as the bus's root.
    await busctl("introspect", service, path).catch(() => undefined);
  }
}
