import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "op-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createExternalMechanism,
  openBusConnection,
  Variant,
  type BusConnection,
} from "../../src/index.ts";
import { createSystemdManager } from "../../src/systemd/index.ts";
import type { DBusSource } from "../../src/tools/index.ts";
import {
  callTool,
  callToolRaw,
  contextOf,
  countCalls,
  listTools,
  openSource,
} from "../fixtures/open-dbus-source.ts";
import { openRelayAsNobody } from "../fixtures/relay-as-nobody.ts";
import { missingSystemd, openBootedSystemd } from "../rig/booted-systemd.ts";

const run = promisify(execFile);
const systemd = "org.freedesktop.systemd1";
const manager = "org.freedesktop.systemd1.Manager";
const sleeper = "op-dbus-tools.service";
const sleeperPath = "/org/freedesktop/systemd1/unit/op_2ddbus_2dtools_2eservice";

/** Where objects that have an interface are, as far as there are any. */
type ShownInterface = { readonly interface: string; readonly examples: readonly string[] | null };

/** The members of an interface that are not deprecated, as busctl shows them. */
async function membersByBusctl(
  address: string,
  place: readonly string[],
): Promise<readonly string[]> {
  const args = [`--address=${address}`, "introspect", "--no-legend", ...place];
  const { stdout } = await run("busctl", args, { maxBuffer: 1 << 24 });
  return stdout.split("\n").flatMap((line) => {
    const [, name] = /^\.(\S+)\s/.exec(line) ?? [];
    return name === undefined || /\bdeprecated\b/.test(line) ? [] : [name];
  });
}

describe.skipIf(missingSystemd !== undefined)("tools of a real systemd", () => {
  const stack = new AsyncDisposableStack();
  let address: string;
  let bus: BusConnection;
  let source: DBusSource;

  beforeAll(async () => {
    ({ address } = stack.use(await openBootedSystemd()));
    bus = stack.use(await openBusConnection({ address }));
    source = stack.use(openSource({ config: { system: address } }));
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  /** A unit that sleeps, made by the manager itself: no tool may do this. */
  async function runSleeper(): Promise<void> {
    const proxy = createSystemdManager(bus);
    await proxy.call("Subscribe", []).catch(() => undefined);
    await using removed = await proxy.subscribe("JobRemoved");
    const exec = [["/bin/sleep", ["/bin/sleep", "1000"], false]];
    const properties = [["ExecStart", new Variant("a(sasb)", exec)]] as const;
    const [job] = await proxy.call("StartTransientUnit", [sleeper, "replace", properties, []]);
    for await (const { body } of removed) if (body[1] === job) break;
  }

  it("are about as many as a client can show, with names it accepts and risks that are true", async () => {
    const tools = await listTools(source);
    const byName = new Map(tools.map((tool) => [tool.name, tool]));
    expect(byName.get("systemd1_Manager_ListUnits")).toMatchObject({
      risk: "read",
      annotations: { readOnlyHint: true },
    });
    expect(byName.get("systemd1_Manager_RestartUnit")).toMatchObject({
      risk: "write",
      inputSchema: { required: ["name", "mode"] },
    });
    expect(byName.get("systemd1_Unit_properties")?.inputSchema).toMatchObject({
      properties: { object_path: { description: expect.stringContaining("/unit/") } },
    });
    expect(byName.get("hostname1_SetPrettyHostname")).toBeDefined();
    expect(tools.length).toBeGreaterThan(25);
    expect(tools.length).toBeLessThan(64);
    expect(tools.filter(({ name }) => !/^[A-Za-z0-9_-]{1,48}$/.test(name))).toEqual([]);
    expect(tools.filter(({ risk }) => risk === "privileged")).toEqual([]);
  });

  it("list failed units, and read a unit's state", async () => {
    const failed = await callTool(source, "systemd1_Manager_ListUnitsFiltered", {
      states: ["failed"],
    });
    expect(failed).toMatchObject({ units: expect.any(Array) });
    const state = await callTool(source, "dbus_get", {
      service: systemd,
      interface: "org.freedesktop.systemd1.Unit",
      path: "/org/freedesktop/systemd1/unit/basic_2etarget",
      names: ["ActiveState", "Id"],
    });
    expect(state).toEqual({ properties: { ActiveState: "active", Id: "basic.target" } });
  });

  it("find what people ask for", async () => {
    const { found } = await callTool(source, "dbus_search", { query: "restart a service" });
    expect(found).toContainEqual(
      expect.objectContaining({
        id: `system/${systemd}/${manager}/RestartUnit`,
        access: "after a yes",
      }),
    );
    const described = await callTool(source, "dbus_describe", {
      id: `system/${systemd}/${manager}/RestartUnit`,
    });
    expect(described).toMatchObject({
      in: { name: { type: "string", signature: "s" } },
      class: "change",
      needsApproval: true,
      needsPolkit: "org.freedesktop.systemd1.manage-units",
    });
  });

  it("start and stop a unit, as a person was told beforehand", async () => {
    await runSleeper();
    const args = { name: sleeper, mode: "replace" };
    const call = { service: systemd, interface: manager, member: "StopUnit", args };
    const act = await source.tools.load("dbus_act", { signal: new AbortController().signal });
    const effect = await act.effectOf?.(call, contextOf());
    expect(effect).toMatchObject({
      risk: "write",
      needsApproval: true,
      summary: expect.stringContaining(sleeper),
      subject: expect.stringMatching(/^system :\d/),
    });
    expect((await act.preview?.(call, contextOf()))?.structuredContent).toMatchObject({
      would: { member: "StopUnit", args },
    });
    await expect(callTool(source, "dbus_act", call)).resolves.toMatchObject({
      job: expect.stringContaining("/job/"),
    });
  });

  it("tell of a unit's change as an event and as an update of its resource", async () => {
    await runSleeper();
    const selection = {
      service: systemd,
      path: sleeperPath,
      interface: "org.freedesktop.DBus.Properties",
    };
    const uri = `dbus://system/${systemd}${sleeperPath}`;
    const { signal } = new AbortController();
    const who = { signal, principal: { id: "unix:uid=1000", scopes: [] } };
    const updates = source.resources.changes?.({ signal })[Symbol.asyncIterator]();
    const update = updates?.next();
    await source.resources.follow?.(uri, who);
    const { cursor, events: none } = await callTool(source, "dbus_events", selection);
    expect(none).toEqual([]);
    const args = { name: sleeper, mode: "replace" };
    await callTool(source, "systemd1_Manager_StopUnit", args);
    const page = await callTool(source, "dbus_events", {
      ...selection,
      cursor: cursor!,
      waitSeconds: 20,
    });
    expect(page["events"]).toContainEqual(
      expect.objectContaining({ member: "PropertiesChanged", path: sleeperPath }),
    );
    await expect(update).resolves.toMatchObject({ value: { kind: "resource-updated", uri } });
    const [contents] = await source.resources.read(uri, who);
    expect(contents).toMatchObject({ text: expect.stringContaining('"ActiveState":"inactive"') });
  });

  it("set the pretty hostname, starting the service that does it", async () => {
    const args = ["Ada's machine", false];
    await callTool(source, "dbus_act", {
      service: "org.freedesktop.hostname1",
      interface: "org.freedesktop.hostname1",
      member: "SetPrettyHostname",
      args,
    });
    const { properties } = await callTool(source, "hostname1_properties", {
      names: ["PrettyHostname"],
    });
    expect(properties).toEqual({ PrettyHostname: "Ada's machine" });
  });

  it.each([
    [
      "a command as the manager's user",
      { member: "StartTransientUnit", args: ["a.service", "replace", [], []] },
    ],
    ["switching the machine off", { member: "PowerOff", args: [] }],
    ["the same by a unit", { member: "StartUnit", args: ["poweroff.target", "replace"] }],
    ["the same by its mode", { member: "StartUnit", args: ["basic.target", "isolate"] }],
  ])("refuse %s", async (_, { member, args }) => {
    const call = { service: systemd, interface: manager, member, args };
    await expect(callTool(source, "dbus_act", call)).rejects.toMatchObject({
      code: "ERR_DBUS_ACCESS_DENIED",
      advice: expect.stringContaining("unlock"),
    });
  });

  it("refuse what they cannot do or read", async () => {
    const call = { service: systemd, interface: manager };
    const read = (more: JsonObject) => callTool(source, "dbus_read", { ...call, ...more });
    const restart = { member: "RestartUnit", args: [sleeper, "replace"] };
    await expect(read(restart)).rejects.toMatchObject({
      code: "ERR_DBUS_NOT_READ_ONLY",
      advice: expect.stringContaining("dbus_act"),
    });
    await expect(read({ member: "GetUnit", args: { name: 5 } })).rejects.toMatchObject({
      code: "ERR_DBUS_VALUE",
      message: expect.stringMatching(/"name" has type "s".*5/),
    });
    await expect(read({ member: "DumpByFileDescriptor" })).rejects.toMatchObject({
      code: "ERR_DBUS_UNIX_FD",
    });
    await expect(read({ member: "ListUnit" })).rejects.toMatchObject({
      code: "ERR_DBUS_UNKNOWN",
      advice: expect.stringContaining("ListUnits"),
    });
    await expect(
      callTool(source, "dbus_get", {
        service: systemd,
        interface: "org.freedesktop.systemd1.Unit",
      }),
    ).rejects.toMatchObject({ code: "ERR_DBUS_PATH_NEEDED" });
  });

  it("cut long answers, and say where they go on", async () => {
    const call = { service: systemd, interface: manager, member: "ListUnits", offset: 2, limit: 3 };
    const page = await callTool(source, "dbus_read", call);
    expect(page["units"]).toHaveLength(3);
    expect(page["more"]).toMatchObject({
      units: { offset: 2, returned: 3, total: expect.any(Number) },
    });
    const result = await callToolRaw(source, "dbus_read", call);
    expect(result._meta?.["op-mcp/origin"]).toMatchObject({ service: systemd });
  });

  it("list objects as they are now", async () => {
    await runSleeper();
    const { paths } = await callTool(source, "dbus_objects", {
      service: systemd,
      interface: "org.freedesktop.systemd1.Service",
      limit: 1000,
    });
    expect(paths).toContain(sleeperPath);
  });

  it("know every member that busctl shows", async () => {
    const { services } = await callTool(source, "dbus_services");
    const running = (services as { service: string; state: string }[]).filter(
      ({ state }) => state === "running",
    );
    const { stdout } = await run("busctl", [
      `--address=${address}`,
      "list",
      "--acquired",
      "--no-legend",
    ]);
    const acquired = [...stdout.matchAll(/^(?!:)\S+/gm)].map(([name]) => name);
    expect(running.map(({ service }) => service).toSorted()).toEqual(acquired.toSorted());
    for (const service of acquired.filter((name) => name !== "org.freedesktop.DBus")) {
      const described = await callTool(source, "dbus_describe", { service });
      for (const { interface: name, examples } of described["interfaces"] as ShownInterface[]) {
        const [path = "/"] = examples ?? [];
        const shown = await callTool(source, "dbus_describe", { service, interface: name });
        const ours = ["methods", "properties", "signals"].flatMap((kind) =>
          Object.keys(shown[kind] ?? {}),
        );
        const theirs = await membersByBusctl(address, [service, path, name]);
        expect(ours.toSorted(), `${service} ${name}`).toEqual(theirs.toSorted());
      }
    }
  }, 30_000);

  it("need no look at any service where a manifest is there already", async () => {
    const cacheDirectory = await mkdtemp(join(tmpdir(), "op-dbus-tools-"));
    await using _directory = {
      [Symbol.asyncDispose]: () => rm(cacheDirectory, { recursive: true, force: true }),
    };
    const config = { system: address };
    const first = openSource({ config, cacheDirectory });
    const { signal } = new AbortController();
    const before = await first.tools.fingerprint?.({ signal });
    await listTools(first);
    await first[Symbol.asyncDispose]();
    const { byMember, connect } = countCalls();
    await using second = openSource({ config, cacheDirectory, connect });
    await expect(second.tools.fingerprint?.({ signal })).resolves.toBe(before);
    expect([...byMember]).toEqual([]);
    await listTools(second);
    expect(byMember.get("ListNames")).toBeGreaterThan(0);
  });

  describe("for the user nobody", () => {
    let unprivileged: DBusSource;

    beforeAll(async () => {
      const relay = stack.use(await openRelayAsNobody(address));
      unprivileged = stack.use(
        openSource({
          config: { system: relay.address },
          ownUid: 65_534,
          connect: (options) =>
            openBusConnection({ ...options, auth: [createExternalMechanism(65_534)] }),
        }),
      );
    });

    it("look, as everybody may", async () => {
      const page = await callTool(unprivileged, "systemd1_Manager_ListUnits");
      expect(page["units"]).not.toHaveLength(0);
    });

    it("say which permission is missing, at once", async () => {
      const args = { name: "systemd-journal-flush.service", mode: "replace" };
      await expect(
        callTool(unprivileged, "systemd1_Manager_RestartUnit", args),
      ).rejects.toMatchObject({
        code: "ERR_DBUS_AUTHORIZATION",
        message: expect.stringContaining("org.freedesktop.systemd1.manage-units"),
      });
      await expect(
        callTool(unprivileged, "dbus_act", {
          service: "org.freedesktop.hostname1",
          interface: "org.freedesktop.hostname1",
          member: "SetPrettyHostname",
          args: ["Eve's machine", false],
        }),
      ).rejects.toMatchObject({
        code: "ERR_DBUS_AUTHORIZATION",
        message: expect.stringContaining("org.freedesktop.hostname1.set-machine-info"),
        advice: expect.stringContaining("polkit"),
      });
    });
  });
});
