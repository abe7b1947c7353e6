import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  listServices,
  openBusConnection,
  signatureOf,
  walkObjects,
  type BusConnection,
  type NodeDescription,
  type WalkedObject,
} from "../../src/index.ts";
import { missingSystemd, openBootedSystemd } from "../rig/booted-systemd.ts";
import { createBusctl, type Busctl } from "../rig/busctl.ts";

/** Services that systemd starts on request, and that run on any machine. */
const started = ["login1", "hostname1", "locale1", "timedate1"].map(
  (name) => `org.freedesktop.${name}`,
);

const driver = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
};

/** The members of an object as busctl shows them. */
function toMembers({ interfaces }: NodeDescription): readonly string[] {
  const lines = interfaces.flatMap(({ name, methods, properties, signals }) => [
    ...methods.map((method) => {
      const shown = [signatureOf(method.inputs), signatureOf(method.outputs)].map(orDash);
      return `${name}.${method.name} method ${shown.join(" ")}`;
    }),
    ...properties.map((property) => `${name}.${property.name} property ${property.type} -`),
    ...signals.map(
      (signal) => `${name}.${signal.name} signal ${orDash(signatureOf(signal.arguments))} -`,
    ),
  ]);
  return lines.toSorted();
}

function orDash(signature: string): string {
  return signature === "" ? "-" : signature;
}

describe.skipIf(missingSystemd !== undefined)("a booted systemd, beside busctl", () => {
  const stack = new AsyncDisposableStack();
  let bus: BusConnection;
  let busctl: Busctl;

  beforeAll(async () => {
    const { address } = stack.use(await openBootedSystemd());
    bus = stack.use(await openBusConnection({ address }));
    busctl = createBusctl(address);
    for (const name of started) {
      const call = { ...driver, member: "StartServiceByName", signature: "su", body: [name, 0] };
      await bus.call(call, { timeoutMs: 10_000 });
    }
  }, 60_000);

  afterAll(() => stack.disposeAsync());

  it("has the services that busctl lists", async () => {
    const services = await listServices(bus);
    expect(services.map(({ name }) => name)).toEqual((await busctl.list()).toSorted());
    const running = services.filter(({ isRunning }) => isRunning).map(({ name }) => name);
    expect(running).toEqual(expect.arrayContaining([...started, "org.freedesktop.systemd1"]));
    expect(services.length).toBeGreaterThan(running.length);
  });

  it(
    "has the objects and members that busctl shows, each of them",
    { timeout: 120_000 },
    async () => {
      let compared = 0;
      const unshown: string[] = [];
      for (const { name, isRunning } of await listServices(bus)) {
        if (!isRunning) continue;
        const { objects, gaps } = await walkObjects(bus, name);
        expect(gaps).toEqual([]);
        await expectSamePaths(name, objects);
        for (const { path, document } of objects) {
          const shown = await busctl.introspect(name, path);
          if (shown === undefined) unshown.push(`${name} ${path}`);
          const members = toMembers(document.description);
          expect(members, `${name} ${path}`).toEqual(shown ?? members);
          compared += shown?.length ?? 0;
        }
      }
      expect(compared).toBeGreaterThan(5000);
      expect(unshown.filter((object) => !object.startsWith("org.freedesktop.DBus "))).toEqual([]);
    },
  );

  /** busctl also lists paths that have nothing but children. */
  async function expectSamePaths(service: string, objects: readonly WalkedObject[]): Promise<void> {
    const listed = await busctl.tree(service);
    expect(listed).toEqual(expect.arrayContaining(objects.map(({ path }) => path)));
    const known = new Set<string>(objects.map(({ path }) => path));
    for (const path of listed.filter((one) => !known.has(one))) {
      expect(await busctl.introspect(service, path), `${service} ${path}`).toEqual([]);
    }
  }
});
