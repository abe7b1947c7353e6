import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import type { BusConnection } from "op-dbus";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConnectionsPlugin } from "../../../src/plugins/dbus.ts";
import type { DesiredValue } from "../../../src/index.ts";
import {
  reach,
  reachAndReturn,
  statePluginContract,
  type PluginHarness,
} from "../../../src/testing/index.ts";
import { missingSystemd, openBusInside, openRig, type Rig } from "../../rig.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const signal = new AbortController().signal;
const quiet = { signal, progress: () => undefined };
const folder = "etc/NetworkManager/system-connections";
const driver = fileURLToPath(new URL("../../fixtures/lost-connection-driver.ts", import.meta.url));

describe.skipIf(missingSystemd !== undefined)("connections of a real NetworkManager", () => {
  const stack = new AsyncDisposableStack();
  let rig: Rig;
  let machine: { readonly bus: BusConnection; readonly root: string };

  beforeAll(async () => {
    rig = stack.use(await openRig());
    await rig.run("systemctl", "start", "NetworkManager");
    machine = { bus: stack.use(await openBusInside(rig.pid)), root: rig.root };
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  const addresses = () => rig.run("ip", "-4", "address", "show", "op0");

  async function look() {
    const names = (await readdir(join(rig.root, folder))).toSorted();
    const files = names.map(async (name) => [
      name,
      await readFile(join(rig.root, folder, name), "utf8"),
    ]);
    const fields = "NAME,STATE";
    const active = await rig.run("nmcli", "-t", "-f", fields, "connection", "show", "--active");
    return {
      files: await Promise.all(files),
      active: active
        .split("\n")
        .filter((line) => line.startsWith("op-"))
        .toSorted(),
    };
  }

  async function openHarness(): Promise<PluginHarness> {
    const clear = `rm -f /${folder}/*; nmcli connection reload; ip link del op0 || true`;
    await rig.run("sh", "-c", clear);
    await rig.run("sh", "-c", "ip link add op0 type veth peer op1; ip link set op1 up");
    await expect.poll(() => rig.run("nmcli", "-t", "-f", "DEVICE", "device")).toContain("op0");
    const ipv4 = {
      method: "manual",
      addresses: ["192.0.2.10/24", "192.0.2.11/24"],
      gateway: "192.0.2.1",
      dns: ["192.0.2.53"],
    };
    const ipv6 = { method: "manual", addresses: ["2001:0db8::10/64"], dns: ["2001:db8::53"] };
    const lan = { type: "ethernet", interface: "op0", autoconnect: false, ipv4, ipv6 };
    const off = { method: "disabled" };
    const bridge = { type: "bridge", interface: "opbr0", ipv4: off, ipv6: off };
    return {
      // A gateway that goes away is meant here.
      plugin: createConnectionsPlugin({ ...machine, isReachable: async () => true }),
      states: [
        [
          { key: "op-lan", desired: { ...lan, active: true } },
          { key: "op-bridge", desired: { ...bridge, active: true } },
        ],
        [
          {
            key: "op-lan",
            desired: {
              ipv4: { addresses: ["192.0.2.12/24"], gateway: "" },
              ipv6: { method: "disabled", addresses: [], dns: [] },
            },
          },
          { key: "op-bridge", desired: null },
        ],
      ],
      look,
      disturb: async () => {
        await rig.run("nmcli", "connection", "down", "op-lan");
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  it.each(statePluginContract(openHarness))("$name", { timeout: 60_000 }, async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reach any state and return from it", { timeout: 120_000 }, async () => {
    await using harness = await openHarness();
    await reach(harness.plugin, harness.states[0]!);
    const value = fc.record(
      {
        autoconnect: fc.boolean(),
        active: fc.boolean(),
        ipv4: fc.record(
          {
            addresses: fc.constantFrom(["192.0.2.10/24"], ["192.0.2.20/25", "198.51.100.1/32"]),
            dns: fc.constantFrom<string[]>([], ["192.0.2.53", "223.1.2.3"]),
            gateway: fc.constantFrom("", "192.0.2.1"),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const states = value.map((desired) => [{ key: "op-lan", desired }]);
    await expect(reachesAnyState(harness, states, 4)).resolves.toBeUndefined();
  });

  it("come back by themselves when the network is lost", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    await reach(harness.plugin, [harness.states[0]![0]!]);
    const before = await look();
    const isReachable = async () => (await addresses()).includes("192.0.2.10/24");
    const plugin = createConnectionsPlugin({ ...machine, isReachable });
    const ipv4 = { addresses: ["203.0.113.1/24"], gateway: "" };
    const desired = [{ key: "op-lan", desired: { ipv4 } }];
    const current = await plugin.query(["op-lan"], { signal });
    const [change] = await plugin.diff(desired, current, { signal });
    await expect(plugin.apply(change!, quiet)).rejects.toThrow("the machine lost its network.");
    await expect.poll(isReachable).toBe(true);
    await expect.poll(look).toEqual(before);
  });

  it("come back when whoever changed them is gone", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    await reach(harness.plugin, [harness.states[0]![0]!]);
    const before = await look();
    const args = ["--conditions=@op-mcp/source", driver, rig.pid];
    const child = execFile(process.execPath, args);
    await once(child.stdout!, "data");
    expect(await addresses()).toContain("203.0.113.1/24");
    child.kill("SIGKILL");
    await expect.poll(addresses, { timeout: 30_000 }).toContain("192.0.2.10/24");
    await expect.poll(look).toEqual(before);
  });

  it("keep their secrets, and never show them", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    const secret = "correct horse battery";
    const words = "type wifi con-name op-air ssid air wifi-sec.key-mgmt wpa-psk autoconnect no";
    await rig.run("nmcli", "connection", "add", ...words.split(" "), "wifi-sec.psk", secret);
    const desired = [{ key: "op-air", desired: { ipv4: { dns: ["192.0.2.53"] } } }];
    const current = await harness.plugin.query(["op-air"], { signal });
    const changes = await harness.plugin.diff(desired, current, { signal });
    expect(JSON.stringify([[...current], changes])).not.toContain(secret);
    await expect(reachAndReturn(harness, desired)).resolves.toBeUndefined();
    await reach(harness.plugin, desired);
    const file = await readFile(join(rig.root, folder, "op-air.nmconnection"), "utf8");
    expect(file).toContain(`psk=${secret}`);
    expect(file).toContain("dns=192.0.2.53;");
    const absent = [{ key: "op-air", desired: null }];
    await expect(reachAndReturn(harness, absent)).resolves.toBeUndefined();
  });

  async function problemsOf({ plugin }: PluginHarness, desired: DesiredValue) {
    const current = await plugin.query([desired.key], { signal });
    const changes = await plugin.diff([desired], current, { signal });
    return (await plugin.check?.(changes, { signal }))?.map(({ reason }) => reason);
  }

  it("are refused beforehand where they cannot be", async () => {
    await using harness = await openHarness();
    const cases = [
      ["op-x", {}, "declare its type and its interface."],
      ["op-x", { type: "vlan", interface: "v1" }, "declare what the vlan is on."],
      [
        "lo",
        { ipv4: { dns: ["192.0.2.53"] } },
        "it is not kept in /etc/NetworkManager/system-connections",
      ],
    ] as const;
    for (const [key, desired, reason] of cases) {
      const found = await problemsOf(harness, { key, desired: { ...desired } });
      expect(found).toEqual([expect.stringContaining(reason)]);
    }
  });
});
