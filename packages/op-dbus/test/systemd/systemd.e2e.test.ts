import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  busInterfaceShape,
  createProxy,
  openBusConnection,
  Variant,
  walkObjects,
  type BusConnection,
} from "../../src/index.ts";
import {
  createHostnamed,
  createLocaled,
  createLogindManager,
  createSystemdManager,
  createSystemdUnit,
  createTimedated,
  hostnamed,
  localed,
  logindManager,
  systemdManager,
  systemdUnit,
  timedated,
} from "../../src/systemd/index.ts";
import { expectShapesToBeReal } from "../fixtures/real-shapes.ts";
import { missingSystemd, openBootedSystemd } from "../rig/booted-systemd.ts";

const run = promisify(execFile);

describe.skipIf(missingSystemd !== undefined)("a real systemd", () => {
  const stack = new AsyncDisposableStack();
  let address: string;
  let bus: BusConnection;

  beforeAll(async () => {
    ({ address } = stack.use(await openBootedSystemd()));
    bus = stack.use(await openBusConnection({ address }));
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  it("starts and stops a unit, and tells of it", async () => {
    const manager = createSystemdManager(bus);
    await manager.call("Subscribe", []);
    await using removed = await manager.subscribe("JobRemoved");
    const unit = "op-dbus-test.service";
    const exec = [["/bin/sleep", ["/bin/sleep", "1000"], false]];
    const properties = [["ExecStart", new Variant("a(sasb)", exec)]] as const;
    const [job] = await manager.call("StartTransientUnit", [unit, "fail", properties, []]);
    for await (const { body } of removed) if (body[1] === job) break;
    const proxy = createSystemdUnit(bus, unit);
    await expect(proxy.get("ActiveState")).resolves.toBe("active");
    await using stopped = await manager.subscribe("JobRemoved");
    const [stop] = await manager.call("StopUnit", [unit, "replace"]);
    for await (const { body } of stopped) if (body[1] === stop) break;
    await expect(manager.call("GetUnit", [unit])).rejects.toMatchObject({
      errorName: "org.freedesktop.systemd1.NoSuchUnit",
    });
  });

  it("sets the pretty hostname", async () => {
    const proxy = createHostnamed(bus);
    await proxy.call("SetPrettyHostname", ["Ada's machine", false]);
    await expect(proxy.get("PrettyHostname")).resolves.toBe("Ada's machine");
  });

  it("has the members that the shapes say", async () => {
    await expectShapesToBeReal(bus, [
      [createSystemdManager(bus), systemdManager],
      [createSystemdUnit(bus, "basic.target"), systemdUnit],
      [createHostnamed(bus), hostnamed],
      [createTimedated(bus), timedated],
      [createLocaled(bus), localed],
      [createLogindManager(bus), logindManager],
    ]);
  });

  it("is walked as busctl walks it, and nothing is started", async () => {
    const driver = createProxy(bus, busInterfaceShape, {
      destination: "org.freedesktop.DBus",
      path: "/org/freedesktop/DBus",
    });
    const [before] = await driver.call("ListNames", []);
    const { objects, gaps } = await walkObjects(bus, "org.freedesktop.systemd1");
    expect(gaps).toEqual([]);
    const { stdout } = await run(
      "busctl",
      [`--address=${address}`, "tree", "--list", "org.freedesktop.systemd1"],
      { maxBuffer: 1 << 24 },
    );
    const listed = stdout.trim().split("\n");
    const paths = new Set<string>(objects.map(({ path }) => path));
    expect(listed.filter((path) => !paths.has(path) && !isEmptyNode(path))).toEqual([]);
    expect(objects.length).toBeGreaterThan(50);
    const [after] = await driver.call("ListNames", []);
    const wellKnown = (names: readonly string[]) =>
      names.filter((name) => !name.startsWith(":")).toSorted();
    expect(wellKnown(after)).toEqual(wellKnown(before));
  }, 60_000);
});

/** `busctl` also lists paths that are only there to lead to others. */
function isEmptyNode(path: string): boolean {
  return path === "/" || path === "/org" || path === "/org/freedesktop";
}
