import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AnsweredError,
  createObjectServer,
  createProxy,
  defineInterface,
  openBusConnection,
  openPropertyCache,
  propertiesInterface,
  standardErrors,
  Variant,
  type BusConnection,
  type ObjectServer,
  type Proxy,
} from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

const run = promisify(execFile);
const service = "org.example.Lamp";
const path = "/lamp";
const lamp = defineInterface({
  name: "org.example.Lamp1",
  methods: {
    Dim: { in: "ub", out: "us", inNames: ["level", "slowly"], outNames: ["before", "words"] },
    Break: { in: "", out: "" },
    Crash: { in: "", out: "" },
    Count: { in: "", out: "t" },
  },
  properties: {
    Level: { type: "u", access: "readwrite" },
    Maker: { type: "s", emits: "const" },
    Heat: { type: "d", emits: "none" },
    Hours: { type: "t", emits: "invalidates" },
  },
  signals: { Dimmed: { type: "us", names: ["level", "by"] } },
});

let stack: AsyncDisposableStack;
let near: BusConnection;
let far: BusConnection;
let server: ObjectServer;
let proxy: Proxy<typeof lamp>;
let address: string;
let level = 0;
let heat = 0;
const reads = { Level: 0, Heat: 0, Hours: 0, Maker: 0 };

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  ({ address } = stack.use(await openDbusDaemon()));
  near = stack.use(await openBusConnection({ address }));
  far = stack.use(await openBusConnection({ address }));
  server = stack.use(createObjectServer(far));
  level = 10;
  heat = 20.5;
  Object.assign(reads, { Level: 0, Heat: 0, Hours: 0, Maker: 0 });
});

afterEach(() => stack.disposeAsync());

async function exportLamp() {
  const exported = server.export(path, lamp, {
    methods: {
      Dim: async ([to, slowly], { sender }) => {
        const before = level;
        level = to;
        await exported.emit("Dimmed", [to, sender ?? ""]);
        await exported.propertiesChanged("Level", "Hours", "Heat");
        return [before, slowly ? "slowly" : "at once"];
      },
      Break: () => Promise.reject(new AnsweredError("org.example.Error.Broken", "It is broken.")),
      Crash: () => Promise.reject(new Error("secret")),
      Count: () => Promise.resolve([2n ** 63n]),
    },
    properties: {
      Level: {
        get: () => ((reads.Level += 1), level),
        set: async (value) => {
          if (value > 100) throw new AnsweredError(standardErrors.invalidArgs, "Too bright.");
          level = value;
          await exported.propertiesChanged("Level");
        },
      },
      Maker: { get: () => ((reads.Maker += 1), "Ada") },
      Heat: { get: () => ((reads.Heat += 1), heat) },
      Hours: { get: () => ((reads.Hours += 1), 5n) },
    },
  });
  await far.requestName(service);
  proxy = createProxy(near, lamp, { destination: service, path });
  return exported;
}

describe("an exported object", () => {
  it("answers methods, and sends signals", async () => {
    await exportLamp();
    const dimmed = stack.use(await proxy.subscribe("Dimmed"));
    await expect(proxy.call("Dim", [7, true])).resolves.toEqual([10, "slowly"]);
    await expect(proxy.call("Count", [])).resolves.toEqual([2n ** 63n]);
    const { value } = await dimmed.next();
    expect(value).toEqual({ path, sender: far.uniqueName, body: [7, near.uniqueName] });
  });

  it("answers errors of its own, and hides all others", async () => {
    await exportLamp();
    await expect(proxy.call("Break", [])).rejects.toMatchObject({
      errorName: "org.example.Error.Broken",
      message: expect.stringContaining("It is broken."),
    });
    await expect(proxy.call("Crash", [])).rejects.toMatchObject({
      errorName: standardErrors.failed,
      message: expect.not.stringContaining("secret"),
    });
  });

  it("has properties", async () => {
    await exportLamp();
    await expect(proxy.get("Level")).resolves.toBe(10);
    await expect(proxy.get("Hours")).resolves.toBe(5n);
    await proxy.set("Level", 50);
    expect(level).toBe(50);
    await expect(proxy.set("Level", 101)).rejects.toThrow("Too bright.");
    await expect(proxy.set("Maker", "Eve")).rejects.toMatchObject({
      errorName: standardErrors.propertyReadOnly,
    });
    const all = await proxy.getAll();
    expect(all.get("Maker")).toEqual(new Variant("s", "Ada"));
    expect([...all.keys()]).toEqual(["Level", "Maker", "Heat", "Hours"]);
  });

  it.each([
    [{ path: "/none" }, standardErrors.unknownObject],
    [{ interface: "org.example.None" }, standardErrors.unknownInterface],
    [{ member: "None" }, standardErrors.unknownMethod],
    [{ member: "toString" }, standardErrors.unknownMethod],
    [{ member: "Dim", signature: "s", body: ["x"] }, standardErrors.invalidArgs],
    [{ interface: propertiesInterface.name, member: "Get" }, standardErrors.invalidArgs],
    [{ interface: propertiesInterface.name, member: "Nope" }, standardErrors.unknownMethod],
    [
      {
        interface: propertiesInterface.name,
        member: "Get",
        signature: "ss",
        body: [lamp.name, "constructor"],
      },
      standardErrors.unknownProperty,
    ],
  ])("refuses %j with %s", async (wrong, errorName) => {
    await exportLamp();
    const call = { destination: service, path, interface: lamp.name, member: "Dim", ...wrong };
    await expect(near.call(call)).rejects.toMatchObject({ errorName });
  });

  it("is gone when it is disposed", async () => {
    const exported = await exportLamp();
    exported[Symbol.dispose]();
    await expect(proxy.call("Count", [])).rejects.toMatchObject({
      errorName: standardErrors.unknownObject,
    });
    expect(() => server.export("/other", lamp, {} as never)).not.toThrow();
    expect(() => server.export("/other", lamp, {} as never)).toThrow(
      "has org.example.Lamp1 already",
    );
  });

  it("is understood by systemd's own client", async () => {
    await exportLamp();
    const busctl = async (...args: string[]): Promise<string> => {
      const { stdout } = await run("busctl", [`--address=${address}`, ...args]);
      return stdout;
    };
    const table = await busctl("introspect", "--no-pager", "--no-legend", service, path, lamp.name);
    const rows = table.split("\n").map((row) => row.trim().replaceAll(/\s+/g, " "));
    expect(rows.filter((row) => row !== "")).toEqual([
      ".Break method - - -",
      ".Count method - t -",
      ".Crash method - - -",
      ".Dim method ub us -",
      ".Heat property d 20.5 -",
      ".Hours property t 5 emits-invalidation",
      ".Level property u 10 emits-change writable",
      '.Maker property s "Ada" const',
      ".Dimmed signal us - -",
    ]);
    await expect(busctl("call", service, path, lamp.name, "Dim", "ub", "3", "false")).resolves.toBe(
      'us 10 "at once"\n',
    );
    await expect(busctl("tree", "--list", service)).resolves.toBe("/\n/lamp\n");
  });
});

describe("a property cache", () => {
  it("asks once for what tells of its changes, and always for what does not", async () => {
    await exportLamp();
    const noticeOf = (name: string) => (name === "Heat" ? "none" : "value");
    const options = { destination: service, path, interface: lamp.name, noticeOf } as const;
    const cache = stack.use(await openPropertyCache(near, options));
    for (const name of ["Level", "Maker", "Heat", "Level", "Maker", "Heat"]) await cache.get(name);
    expect(reads).toMatchObject({ Level: 1, Maker: 1, Heat: 2 });
    await proxy.call("Dim", [33, false]);
    await expect(cache.get("Level")).resolves.toEqual(new Variant("u", 33));
    await cache.get("Hours");
    const before = reads.Hours;
    await proxy.call("Dim", [34, false]);
    await expect(cache.get("Level")).resolves.toEqual(new Variant("u", 34));
    await cache.get("Hours");
    expect(reads.Hours).toBe(before + 1);
  });

  it("keeps nothing once it does not follow any more", async () => {
    await exportLamp();
    const controller = new AbortController();
    const { signal } = controller;
    const options = { destination: service, path, interface: lamp.name, signal };
    const cache = stack.use(await openPropertyCache(near, options));
    await cache.get("Level");
    controller.abort();
    await proxy.call("Dim", [77, false]);
    await expect(cache.get("Level")).resolves.toEqual(new Variant("u", 77));
    const before = reads.Level;
    await cache.get("Level");
    expect(reads.Level).toBe(before + 1);
  });

  it("forgets what it knew when the service goes away", async () => {
    await exportLamp();
    const options = { destination: service, path, interface: lamp.name };
    const cache = stack.use(await openPropertyCache(near, options));
    await cache.get("Maker");
    await far.releaseName(service);
    await near.call({
      destination: "org.freedesktop.DBus",
      path: "/",
      interface: "org.freedesktop.DBus.Peer",
      member: "Ping",
    });
    await expect(cache.get("Maker")).rejects.toMatchObject({ code: "ERR_DBUS_CALL_FAILED" });
  });
});

it("a machine's id is told to peers", async () => {
  await exportLamp();
  const peer = { destination: service, path: "/", interface: "org.freedesktop.DBus.Peer" };
  const { body } = await near.call({ ...peer, member: "GetMachineId" });
  expect(body).toEqual([readFileSync("/etc/machine-id", "latin1").trim()]);
});
