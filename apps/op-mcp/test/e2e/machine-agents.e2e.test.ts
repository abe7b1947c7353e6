import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect } from "vitest";
import {
  missingSystemd,
  openBootedSystemd,
  type BootedSystemd,
} from "@op-mcp/test-support/booted-systemd";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const run = promisify(execFile);

const prepare = String.raw`
  unit() { printf "$2" >"/etc/systemd/system/$1.service"; }
  unit web '[Service]\nExecStart=/bin/sh -c "echo up; exec sleep 1000"\nExecReload=/bin/true\n[Install]\nWantedBy=multi-user.target\n'
  unit broken '[Service]\nExecStartPre=/bin/sh -c "echo no such directive >&2; exit 1"\nExecStart=/bin/sleep 1000\n'
  unit pages '[Service]\nExecStart=/usr/bin/python3 -m http.server 8123 --bind 192.0.2.1\n'
  ip link set lo up
  ip netns add far
  ip link add lan0 type veth peer name wan0 netns far
  ip address add 192.0.2.1/24 dev lan0
  ip link set lan0 up
  ip -n far address add 192.0.2.2/24 dev wan0
  ip -n far link set wan0 up
  echo '192.0.2.1 pages.test' >>/etc/hosts
  ip link add lan1 type veth peer name wan1 netns far
  ip -n far link set wan1 up
  printf '[main]\nno-auto-default=*\nplugins=keyfile\n[keyfile]\nunmanaged-devices=interface-name:lan0\n' >/etc/NetworkManager/NetworkManager.conf
  systemctl daemon-reload
  systemctl start pages NetworkManager
  for attempt in $(seq 100); do ss -Hlnt | grep -q 8123 && break; sleep 0.1; done
`;

/** Bubblewrap writes a limit of its own namespace to /proc/sys, which is read-only on that machine. */
const writable = 'mount -o remount,bind,rw /proc/sys && exec "$@"';
/** Nobody starts a sandbox there. */
const unsandboxed = 'mount --bind /dev/null /usr/bin/bwrap && exec "$@"';

interface Shape {
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
}

let machine: BootedSystemd;

const open = async (script: string, era: (typeof eras)[number][1], env: object = {}) => {
  const installation = await Installation.create({
    MCP_AGENT_DISCOVERY: "true",
    OP_MCP_DISCLOSURE__MODE: "direct",
    ...env,
  });
  const inside = [...machine.enter, "unshare", "--mount", "sh", "-ec", script, "sh"] as const;
  const connected = await connect(installation, {
    era,
    person: () => "accept",
    inside: [inside[0], ...inside.slice(1)],
  });
  // Nothing is known of the tools at the first start.
  const names = async () => (await connected.client.listTools()).tools.map((tool) => tool.name);
  await expect.poll(names, { timeout: 30_000 }).toContain("unit_status");
  return { installation, connected };
};

const callOf =
  (client: Client) =>
  async (name: string, args: object = {}): Promise<unknown> => {
    const result: Shape = await client.callTool({ name, arguments: { ...args } });
    if (result.isError === true) throw new Error(textOf(result));
    return result.structuredContent;
  };

describe.skipIf(missingSystemd !== undefined)("agents of a machine", () => {
  beforeAll(async () => {
    machine = await openBootedSystemd({ shown: [checkout] });
    const [command, ...args] = machine.enter;
    await run(command, [...args, "sh", "-ec", prepare]);
  }, 120_000);
  afterAll(async () => await machine[Symbol.asyncDispose](), 60_000);

  describe.each(eras)("in %s", (name, era) => {
    verifies("agents.systemd", name, async () => {
      const { installation, connected } = await open(writable, era);
      await using _installation = installation;
      await using _connected = connected;
      const call = callOf(connected.client);
      const { tools } = await connected.client.listTools();
      expect(tools.find((tool) => tool.name === "unit_status")).toMatchObject({
        annotations: { readOnlyHint: true },
      });
      await expect(call("start_unit", { unit: "broken" })).rejects.toThrow(
        "ExecStartPre (/bin/sh) exited with code 1.",
      );
      expect(await call("unit_status", { unit: "broken" })).toMatchObject({
        active: "failed",
        explanation: "ExecStartPre (/bin/sh) exited with code 1.",
        log: expect.arrayContaining([expect.objectContaining({ text: "no such directive" })]),
      });
      const failed = [expect.objectContaining({ unit: "broken.service" })];
      expect(await call("failed_units")).toMatchObject({
        units: expect.arrayContaining(failed),
      });
      const web = { unit: "web" };
      expect(await call("enable_unit", { ...web, now: true })).toMatchObject({
        startsAtBoot: "enabled",
        state: { active: "active" },
      });
      expect(await call("reload_unit", web)).toMatchObject({ job: "done" });
      expect(await call("restart_unit", web)).toMatchObject({ active: "active" });
      expect(await call("stop_unit", web)).toMatchObject({ active: "inactive" });
      expect(await call("start_unit", web)).toMatchObject({ active: "active" });
      expect(await call("disable_unit", { ...web, now: true })).toMatchObject({
        startsAtBoot: "disabled",
      });
      const wall = { unit: "systemd-ask-password-wall.path", runtime: true };
      expect(await call("mask_unit", wall)).toMatchObject({
        startsAtBoot: "masked-runtime",
      });
      expect(await call("unmask_unit", wall)).toMatchObject({
        startsAtBoot: expect.not.stringContaining("masked"),
      });
      const loaded = await call("list_units", { name: "pages", kind: "service" });
      expect(loaded).toMatchObject({ units: [{ unit: "pages.service", active: "active" }] });
      expect(await call("list_timers")).toMatchObject({ timers: expect.any(Array) });
      expect(await call("unit_file", web)).toMatchObject({
        files: [{ path: "/etc/systemd/system/web.service" }],
      });
      expect(await call("unit_dependencies", web)).toMatchObject({
        dependencies: { requires: expect.arrayContaining(["sysinit.target"]) },
      });
      expect(await call("read_journal", { ...web, grep: "^up$" })).toMatchObject({
        entries: expect.arrayContaining([expect.objectContaining({ text: "up" })]),
      });
      const messages: unknown[] = [];
      const following = connected.client.callTool(
        {
          name: "read_journal",
          arguments: { identifier: `follower-${name.length}`, followSeconds: 8 },
        },
        { onprogress: ({ message }) => void messages.push(message) },
      );
      const [command, ...args] = machine.enter;
      const shout = `for n in 1 2 3 4 5 6; do sleep 1; logger -t follower-${name.length} it grows; done`;
      await run(command, [...args, "sh", "-c", shout]);
      await following;
      expect(messages).toContain("it grows");
      const refused = call("start_unit", { unit: "poweroff.target" });
      await expect(refused).rejects.toThrow("ends the running system");
    });

    verifies("agents.network", name, async () => {
      const { installation, connected } = await open(writable, era);
      await using _installation = installation;
      await using _connected = connected;
      const call = callOf(connected.client);
      expect(await call("list_interfaces", { interface: "lan0" })).toMatchObject({
        interfaces: [{ kind: "veth", hasCarrier: true }],
      });
      expect(await call("list_routes", { to: "192.0.2.2" })).toMatchObject({
        routes: [{ interface: "lan0" }],
      });
      expect(await call("list_sockets", { port: 8123 })).toMatchObject({
        sockets: [{ unit: "pages.service", processes: [{ name: "python3" }] }],
      });
      expect(await call("resolve_name", { name: "pages.test" })).toMatchObject({
        answers: ["192.0.2.1"],
      });
      const reach = { host: "192.0.2.1", port: 8123 };
      expect(await call("check_connectivity", reach)).toMatchObject({ isWorking: true });
      expect(await call("list_neighbours")).toMatchObject({
        neighbours: expect.any(Array),
      });
      const own = { interface: "lan1", addresses: ["198.51.100.1/24"], ipv6: "disabled" };
      const connection = `link of ${name}`;
      expect(
        await call("add_connection", { ...own, name: connection, activate: true }),
      ).toMatchObject({ state: "activated" });
      expect(await call("connection_up", { connection })).toMatchObject({ state: "activated" });
      const dead = call("modify_connection", { connection, ipv4: "auto", seconds: 2 });
      await expect(dead).rejects.toThrow("Now everything is as it was.");
      expect(await call("list_connections")).toMatchObject({
        connections: expect.arrayContaining([
          expect.objectContaining({
            connection,
            ipv4: expect.objectContaining({ method: "manual", addresses: own.addresses }),
          }),
        ]),
      });
      const kept: unknown = await call("modify_connection", {
        connection,
        mtu: 1400,
        confirmSeconds: 60,
      });
      const { checkpoint } = Object(kept);
      expect(await call("confirm_network_change", { checkpoint })).toEqual({ state: "kept" });
      expect(await call("connection_down", { connection })).toMatchObject({ state: "down" });
    });
  });

  const [[name, era]] = eras;

  verifies("agents.direct", `no sandbox can be had, ${name}`, async () => {
    const { installation, connected } = await open(unsandboxed, era);
    await using _installation = installation;
    await using _connected = connected;
    const call = callOf(connected.client);
    expect(await call("unit_status", { unit: "pages" })).toMatchObject({
      active: "active",
      answeredBy: expect.stringMatching(/^op-mcp itself, without an agent: No agent of type/u),
    });
    await expect(call("list_interfaces")).rejects.toThrow("ERR_AGENT_UNAVAILABLE");
  });

  verifies("agents.direct", `it is preferred, ${name}`, async () => {
    const { installation, connected } = await open(unsandboxed, era, {
      PREFER_DIRECT_DBUS: "true",
    });
    await using _installation = installation;
    await using _connected = connected;
    const call = callOf(connected.client);
    expect(await call("restart_unit", { unit: "web" })).toMatchObject({
      active: "active",
      answeredBy: "op-mcp itself, without an agent: the configuration prefers that.",
    });
    const stopping = call("stop_unit", { unit: "dbus" });
    await expect(stopping).rejects.toThrow("Much else stops with");
  });
});
