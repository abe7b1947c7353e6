import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "op-core";
import { missingSystemd, openMachine, type Machine } from "../../fixtures/machine.ts";

/** A link to another machine, which NetworkManager looks after. */
const prepare = String.raw`
  printf '[main]\nno-auto-default=*\nplugins=keyfile\n' >/etc/NetworkManager/NetworkManager.conf
  rm -f /etc/NetworkManager/conf.d/* /usr/lib/NetworkManager/conf.d/*
  ip netns add far
  ip link add lan0 type veth peer name wan0 netns far
  ip -n far address add 192.0.2.2/24 dev wan0
  ip -n far link set wan0 up
  systemctl start NetworkManager
  nmcli -w 5 connection add type ethernet ifname lan0 con-name lan autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv6.method disabled
`;

const isMissing = missingSystemd !== undefined || !existsSync("/usr/sbin/NetworkManager");
const real = { skip: isMissing, timeout: 60_000 };

describe("the agent for NetworkManager, on a machine of its own", real, () => {
  let machine: Machine;
  const run = async (operation: string, input: JsonObject = {}) =>
    await machine.run("networkmanager", operation, input);
  const fail = async (operation: string, input: JsonObject) =>
    await run(operation, input).then(
      (output) => expect.fail(`It was done: ${JSON.stringify(output)}`),
      (error: Error & { data: JsonObject; advice: string }) => error,
    );
  const addresses = async () =>
    await machine.sh("ip -br address show lan0 | tr -s ' ' | cut -d ' ' -f 3-");

  beforeAll(async () => {
    machine = await openMachine(prepare);
  }, 120_000);
  afterAll(async () => await machine[Symbol.asyncDispose](), 60_000);

  it("brings a connection up and down, and lists it", async () => {
    expect(await run("connection_up", { connection: "lan" })).toMatchObject({
      connection: "lan",
      interface: "lan0",
      state: "activated",
    });
    expect(await addresses()).toContain("192.0.2.1/24");
    const { connections, devices } = await run("list_connections");
    expect(connections).toContainEqual(
      expect.objectContaining({
        connection: "lan",
        kind: "802-3-ethernet",
        interface: "lan0",
        startsByItself: false,
        state: "activated",
        ipv4: { method: "manual", addresses: ["192.0.2.1/24"], gateway: "" },
      }),
    );
    expect(devices).toContainEqual(
      expect.objectContaining({ interface: "lan0", state: "activated", hasCarrier: true }),
    );
    expect(await run("connection_down", { connection: "lan" })).toMatchObject({ state: "down" });
    expect(await addresses()).not.toContain("192.0.2.1");
    expect((await fail("connection_up", { connection: "nope" })).message).toBe(
      'There is no connection "nope".',
    );
  });

  it("changes a connection that is up, and one that is not", async () => {
    const change = {
      addresses: ["192.0.2.7/24", "2001:db8::7/64"],
      dns: ["192.0.2.2", "2001:db8::53"],
    };
    await run("connection_up", { connection: "lan" });
    expect(
      await run("modify_connection", {
        connection: "lan",
        ...change,
        gateways: ["192.0.2.2"],
        mtu: 1400,
      }),
    ).toMatchObject({ state: "activated" });
    expect(await addresses()).toMatch(/192\.0\.2\.7\/24 .*2001:db8::7\/64/u);
    expect(await machine.sh("ip route show default")).toContain("via 192.0.2.2 dev lan0");
    expect(await machine.sh("cat /sys/class/net/lan0/mtu")).toBe("1400");
    expect(await machine.sh("nmcli -g ipv4.dns,ipv6.dns connection show lan")).toBe(
      "192.0.2.2\n2001\\:db8\\:\\:53",
    );
    await run("connection_down", { connection: "lan" });
    expect(
      await run("modify_connection", {
        connection: "lan",
        addresses: ["192.0.2.1/24"],
        ipv6: "disabled",
      }),
    ).toMatchObject({ state: "down" });
    await run("connection_up", { connection: "lan" });
    expect(await addresses()).not.toContain("192.0.2.7");
  });

  it("takes a change back when the link does not come up", async () => {
    await run("connection_up", { connection: "lan" });
    const before = await addresses();
    const error = await fail("modify_connection", { connection: "lan", ipv4: "auto", seconds: 2 });
    expect(error.data).toMatchObject({ reason: "ERR_NETWORK_ROLLED_BACK" });
    expect(error.message).toMatch(/did not come up in 2 seconds.* Now everything is as it was\./u);
    await expect.poll(addresses, { timeout: 10_000 }).toBe(before);
    expect(await machine.sh("nmcli -g ipv4.method connection show lan")).toBe("manual");
  });

  it("takes a change back when the link dies", async () => {
    await run("connection_up", { connection: "lan" });
    const dying = fail("modify_connection", { connection: "lan", addresses: ["192.0.2.66/24"] });
    await expect.poll(addresses, { timeout: 10_000, interval: 50 }).toContain("192.0.2.66");
    await machine.sh("ip -n far link set wan0 down");
    expect((await dying).message).toMatch(/came up and (?:lost its link|is )/u);
    await machine.sh("ip -n far link set wan0 up");
    expect(await machine.sh("nmcli -g ipv4.addresses connection show lan")).toBe("192.0.2.1/24");
    await expect.poll(addresses, { timeout: 20_000 }).toContain("192.0.2.1/24");
  });

  it("takes a change back that nobody confirms, and keeps one that somebody does", async () => {
    await run("connection_up", { connection: "lan" });
    const kept = await run("modify_connection", {
      connection: "lan",
      addresses: ["192.0.2.8/24"],
      seconds: 1,
      confirmSeconds: 60,
    });
    expect(kept).toMatchObject({ confirmWithinSeconds: 60, checkpoint: expect.any(String) });
    const { checkpoint } = kept;
    expect(await run("confirm_network_change", { checkpoint: checkpoint ?? "" })).toEqual({
      state: "kept",
    });
    expect(
      await machine.sh(
        "busctl get-property org.freedesktop.NetworkManager /org/freedesktop/NetworkManager org.freedesktop.NetworkManager Checkpoints",
      ),
    ).toBe("ao 0");
    await run("modify_connection", {
      connection: "lan",
      addresses: ["192.0.2.9/24"],
      seconds: 1,
      confirmSeconds: 1,
    });
    expect(await addresses()).toContain("192.0.2.9/24");
    await expect.poll(addresses, { timeout: 30_000 }).toContain("192.0.2.8/24");
    expect((await fail("confirm_network_change", { checkpoint: "/etc" })).message).toContain(
      "is no checkpoint",
    );
  });

  it("adds a connection, and none that does not come up", async () => {
    const added = {
      name: "other",
      interface: "lan0",
      addresses: ["198.51.100.1/24"],
      ipv6: "disabled",
    };
    expect(await run("add_connection", { ...added, activate: true })).toMatchObject({
      connection: "other",
      state: "activated",
    });
    expect(await addresses()).toContain("198.51.100.1/24");
    expect((await fail("add_connection", added)).message).toContain(
      'there is a connection "other"',
    );
    const bad = { name: "bad", interface: "lan0", activate: true, seconds: 2 };
    expect((await fail("add_connection", bad)).data).toMatchObject({
      reason: "ERR_NETWORK_ROLLED_BACK",
    });
    expect(await machine.sh("nmcli -g NAME connection show")).not.toContain("bad");
    await expect.poll(addresses, { timeout: 10_000 }).toContain("198.51.100.1/24");
  });

  it.each([
    [{ connection: "lan", addresses: ["192.0.2.1"] }, "is no address with its prefix"],
    [{ connection: "lan", addresses: ["192.0.2.1/33"] }, "is no address with its prefix"],
    [{ connection: "lan", ipv4: "manual" }, "manual needs addresses"],
    [{ connection: "lan", dns: ["::ffff:1.2.3.4"] }, "is no IP address"],
    [{ connection: "lan" }, "it changes nothing"],
  ])("refuses %j", async (input, why) => {
    expect((await fail("modify_connection", input)).message).toContain(why);
  });

  it("sees the bus and nothing else of the machine", async () => {
    const { stdout } = await machine.shInSandbox(
      "networkmanager",
      `
      for folder in /etc /var /run /sys; do echo $folder: $(ls $folder); done
      grep -c lan0 /proc/net/dev; grep -h CapEff /proc/self/status
    `,
    );
    expect(stdout).toBe("/etc:\n/var: tmp\n/run: dbus\n/sys:\n0\nCapEff:\t0000000000000000\n");
  });
});
