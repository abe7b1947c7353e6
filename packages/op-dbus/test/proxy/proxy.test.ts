import { expect, it } from "vitest";
import {
  busInterfaceShape,
  createProxy,
  defineInterface,
  getManagedObjects,
  openBusConnection,
  watchManagedObjects,
} from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

const driver = { destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus" };

it("a proxy refuses an answer of another type than it knows", async () => {
  await using daemon = await openDbusDaemon();
  await using bus = await openBusConnection({ address: daemon.address });
  const wrong = defineInterface({
    ...busInterfaceShape,
    methods: { GetId: { in: "", out: "u" }, ListNames: { in: "", out: "as" } },
  });
  const proxy = createProxy(bus, wrong, driver);
  await expect(proxy.call("ListNames", [])).resolves.toEqual([
    [driver.destination, bus.uniqueName],
  ]);
  await expect(proxy.call("GetId", [])).rejects.toMatchObject({
    code: "ERR_DBUS_UNEXPECTED_TYPE",
    message: 'The answer of org.freedesktop.DBus.GetId has type "s" where "u" was expected.',
  });
  await expect(proxy.call("toString" as never, [] as never)).rejects.toThrow(TypeError);
});

it("an object manager's objects are listed and followed", async () => {
  await using daemon = await openDbusDaemon();
  const { address } = daemon;
  await using near = await openBusConnection({ address });
  await using far = await openBusConnection({ address });
  const interfaces = new Map([["a.b", new Map()]]);
  using _serving = far.serve(() =>
    Promise.resolve({ signature: "a{oa{sa{sv}}}", body: [new Map([["/x", interfaces]])] }),
  );
  await far.requestName("org.example.Managed");
  const manager = { destination: "org.example.Managed", path: "/" };
  await expect(getManagedObjects(near, manager)).resolves.toEqual(new Map([["/x", interfaces]]));
  await using changes = await watchManagedObjects(near, manager);
  const signal = { path: "/", interface: "org.freedesktop.DBus.ObjectManager" };
  const added = { member: "InterfacesAdded", signature: "oa{sa{sv}}", body: ["/y", interfaces] };
  await far.emit({ ...signal, member: "InterfacesAdded", signature: "s", body: ["nonsense"] });
  await far.emit({ ...signal, ...added });
  const removed = { member: "InterfacesRemoved", signature: "oas", body: ["/y", ["a.b"]] };
  await far.emit({ ...signal, ...removed });
  await expect(changes.next()).resolves.toEqual({
    done: false,
    value: { kind: "interfaces-added", path: "/y", interfaces },
  });
  await expect(changes.next()).resolves.toEqual({
    done: false,
    value: { kind: "interfaces-removed", path: "/y", interfaces: ["a.b"] },
  });
});
