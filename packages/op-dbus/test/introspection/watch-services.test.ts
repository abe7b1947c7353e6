import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createObjectServer,
  createServiceTreeCache,
  defineInterface,
  identifyService,
  listServices,
  openBusConnection,
  readServiceTree,
  watchServices,
  type BusConnection,
  type EventStream,
  type ServiceChange,
} from "../../src/index.ts";
import { openDbusDaemon, type DbusDaemon } from "../rig/dbus-daemon.ts";

const service = "org.example.Watched";
const activatable = "org.example.Asleep";
const driver = "org.freedesktop.DBus";

function serviceFile(name: string): string {
  return `[D-BUS Service]\nName=${name}\nExec=/bin/false\n`;
}

let stack: AsyncDisposableStack;
let daemon: DbusDaemon;
let near: BusConnection;
let far: BusConnection;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const services = { "asleep.service": serviceFile(activatable) };
  daemon = stack.use(await openDbusDaemon({ services }));
  near = stack.use(await openBusConnection({ address: daemon.address }));
  far = stack.use(await openBusConnection({ address: daemon.address }));
});

afterEach(() => stack.disposeAsync());

async function take(
  changes: EventStream<ServiceChange>,
  count: number,
): Promise<readonly Pick<ServiceChange, "kind" | "name">[]> {
  const taken: ServiceChange[] = [];
  while (taken.length < count) {
    const { value } = await changes.next();
    if (value !== undefined) taken.push(value);
  }
  return taken.map(({ kind, name }) => ({ kind, name })) as never;
}

describe("the services of a bus", () => {
  it("are those that run and those that can be started", async () => {
    await far.requestName(service);
    await expect(listServices(near)).resolves.toEqual([
      { name: activatable, isRunning: false, isActivatable: true },
      { name: service, isRunning: true, isActivatable: false },
      { name: driver, isRunning: true, isActivatable: true },
    ]);
  });
});

describe("watching the services of a bus", () => {
  it("begins with those that there are, and tells which program they are", async () => {
    await far.requestName(service);
    await using changes = await watchServices(near);
    const known = new Map<string, string | undefined>();
    for (let index = 0; index < 3; index += 1) {
      const { value } = await changes.next();
      expect(value?.kind).toBe("appeared");
      known.set(value?.name ?? "", value?.identity);
    }
    expect(known.get(service)).toContain(process.execPath);
    expect(known.get(service)).toBe(await identifyService(near, service));
    expect(known.has(activatable)).toBe(true);
    expect(known.get(activatable)).toBeUndefined();
  });

  it("tells what comes, changes and goes", async () => {
    await using changes = await watchServices(near, { debounceMs: 0 });
    await take(changes, 2);
    await far.requestName(service, { allowReplacement: true });
    await expect(take(changes, 1)).resolves.toEqual([{ kind: "appeared", name: service }]);
    await near.requestName(service, { replaceExisting: true });
    await expect(take(changes, 1)).resolves.toEqual([{ kind: "changed-owner", name: service }]);
    await near.releaseName(service);
    await expect(take(changes, 1)).resolves.toEqual([{ kind: "vanished", name: service }]);
  });

  it("keeps a service that stops and can be started again", async () => {
    await using changes = await watchServices(near, { debounceMs: 0 });
    await take(changes, 2);
    await far.requestName(activatable);
    const { value: started } = await changes.next();
    expect(started).toMatchObject({ kind: "changed-owner", name: activatable });
    expect(started?.identity).toContain(process.execPath);
    await far.releaseName(activatable);
    const { value: stopped } = await changes.next();
    expect(stopped).toEqual({ kind: "changed-owner", name: activatable, identity: undefined });
  });

  it("tells once what happened several times, and not what was undone", async () => {
    const clock = createManualClock();
    await using changes = await watchServices(near, { clock, debounceMs: 500 });
    await take(changes, 2);
    await far.requestName(service);
    await far.releaseName(service);
    await far.requestName("org.example.Last");
    // The bus tells of names in the order they change in.
    const target = { destination: driver, path: "/org/freedesktop/DBus", interface: driver };
    await near.call({ ...target, member: "GetId" });
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(499);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    await expect(take(changes, 1)).resolves.toEqual([
      { kind: "appeared", name: "org.example.Last" },
    ]);
  });

  it("notices that a service was installed", async () => {
    await using changes = await watchServices(near, { debounceMs: 0 });
    await take(changes, 2);
    await writeFile(join(daemon.directory, "new.service"), serviceFile("org.example.New"));
    const target = { destination: driver, path: "/org/freedesktop/DBus", interface: driver };
    await near.call({ ...target, member: "ReloadConfig" });
    await expect(take(changes, 1)).resolves.toEqual([
      { kind: "appeared", name: "org.example.New" },
    ]);
  });

  it("tells after the bus was gone who runs again and who does not", async () => {
    await far.requestName(service);
    const gone = await openBusConnection({ address: daemon.address });
    await gone.requestName("org.example.Gone");
    await using changes = await watchServices(near, { debounceMs: 20 });
    await take(changes, 4);
    const back = far.events();
    await daemon.kill();
    await gone[Symbol.asyncDispose]();
    await daemon.start();
    while ((await back.next()).value?.kind !== "reconnected");
    const told = new Map<string, string>();
    const isTold = (): boolean =>
      told.get("org.example.Gone") === "vanished" &&
      ["changed-owner", "appeared"].includes(told.get(service) ?? "");
    while (!isTold()) {
      const { value } = await changes.next();
      told.set(value?.name ?? "", value?.kind ?? "");
    }
    expect(told.has(activatable)).toBe(false);
  });

  it("ends with its connection, as its signal says, and leaves no timer", async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = await watchServices(near, { clock, signal });
    const ended = await watchServices(far, { clock, debounceMs: 0 });
    await take(aborted, 2);
    await take(ended, 2);
    await far.requestName(service);
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(2));
    const next = aborted.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    await far[Symbol.asyncDispose]();
    await expect(ended.next()).resolves.toMatchObject({ done: true });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("reading the objects of a service", () => {
  const thing = defineInterface({
    name: "org.example.Thing",
    methods: {},
    properties: {},
    signals: {},
  });

  it("asks a program it knows nothing of, and no other", async () => {
    const directory = await mkdtemp(join(tmpdir(), "op-dbus-trees-"));
    stack.defer(() => rm(directory, { recursive: true }));
    const server = stack.use(createObjectServer(far));
    server.export("/thing", thing, { methods: {}, properties: {} });
    await far.requestName(service);
    const cache = createServiceTreeCache({ directory });
    const identity = await identifyService(near, service);
    const first = await readServiceTree(near, service, { cache, identity });
    expect(first.objects.map(({ path }) => path)).toContain("/thing");
    await far.releaseName(service);
    await expect(readServiceTree(near, service, { cache, identity })).resolves.toEqual(first);
    const unknown = await readServiceTree(near, service, { cache, identity: undefined });
    expect(unknown).toMatchObject({ objects: [], gaps: [{ path: "/" }] });
    const other = await readServiceTree(near, service, { cache, identity: "another" });
    expect(other.objects).toEqual([]);
    await expect(cache.load("another")).resolves.toBeUndefined();
  });
});
