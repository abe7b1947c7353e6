import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOpError } from "op-core";
import { describeToolSource } from "op-tools/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BusConnection } from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";
import { openDocumentedService } from "../fixtures/documented-service.ts";
import { lamps, openLampHouse, switchOn, type LampHouse } from "../fixtures/lamp-house.ts";
import {
  callTool,
  countCalls,
  listTools,
  openSource,
  takeChanges,
} from "../fixtures/open-dbus-source.ts";

let house: LampHouse;

beforeEach(async () => {
  house = await openLampHouse();
});

afterEach(() => house[Symbol.asyncDispose]());

describeToolSource("the tools of a bus", async () => {
  const ownDaemon = await openDbusDaemon();
  const source = openSource({ config: { session: ownDaemon.address, catalogue: "all" } });
  const { tools } = source;
  return {
    name: tools.name,
    list: (options) => tools.list(options),
    load: (name, options) => tools.load(name, options),
    changes: (options) => tools.changes?.(options) ?? nothing(),
    fingerprint: (options) => tools.fingerprint?.(options) ?? Promise.resolve(""),
    [Symbol.asyncDispose]: async () => {
      await source[Symbol.asyncDispose]();
      await ownDaemon[Symbol.asyncDispose]();
    },
  };
});

async function* nothing(): AsyncGenerator<never> {}

describe("services that come and go", () => {
  const agent = "org.dbusmcp.Agent.Greeter";
  const xml = `<interface name="org.example.Greeter">
    <method name="Greet">
      <annotation name="org.freedesktop.DBus.DocString" value="Says hello."/>
      <arg name="who" type="s" direction="in"/><arg name="words" type="s" direction="out"/>
    </method>
    <method name="Look"><annotation name="org.dbusmcp.Risk" value="read"/><arg name="seen" type="s" direction="out"/></method>
    <method name="DeleteEverything"/>
  </interface>`;

  async function openAgent(): Promise<BusConnection> {
    const bus = await house.connect();
    await openDocumentedService(bus, {
      name: agent,
      path: "/agent",
      xml,
      answer: async ({ member, body }) => ({
        signature: "s",
        body: [member === "Greet" ? `Hello, ${JSON.stringify(body[0])}!` : "everything"],
      }),
    });
    return bus;
  }

  it("become tools by themselves when they are agents, and none when they are gone", async () => {
    const source = house.open({ config: { profile: [] } });
    const controller = new AbortController();
    const changes = source.tools.changes?.({ signal: controller.signal })[Symbol.asyncIterator]();
    const first = takeChanges(changes!, 3);
    await listTools(source);
    const bus = await openAgent();
    await expect(first).resolves.toEqual([
      "tool-added user_Greeter_Greeter_DeleteEverything",
      "tool-added user_Greeter_Greeter_Greet",
      "tool-added user_Greeter_Greeter_Look",
    ]);
    const tools = new Map((await listTools(source)).map((tool) => [tool.name, tool]));
    expect(tools.get("user_Greeter_Greeter_Greet")).toMatchObject({
      risk: "write",
      description: expect.stringContaining("Says hello."),
      inputSchema: { properties: { who: { type: "string" } }, required: ["who"] },
    });
    expect(tools.get("user_Greeter_Greeter_Look")?.risk).toBe("read");
    expect(tools.get("user_Greeter_Greeter_DeleteEverything")?.risk).toBe("destructive");
    await expect(callTool(source, "user_Greeter_Greeter_Greet", { who: "Ada" })).resolves.toEqual({
      words: 'Hello, "Ada"!',
    });
    await expect(callTool(source, "user_Greeter_Greeter_Look")).resolves.toEqual({
      seen: "everything",
    });
    const gone = takeChanges(changes!, 3);
    await bus[Symbol.asyncDispose]();
    expect(await gone).toContain("tool-removed user_Greeter_Greeter_Greet");
    await expect(
      callTool(source, "user_Greeter_Greeter_Greet", { who: "Ada" }),
    ).rejects.toMatchObject({
      code: "ERR_TOOL_NOT_FOUND",
    });
  });

  it("are found as soon as they are there, and not any more when they are gone", async () => {
    const source = house.open();
    const call = { ...lamps, member: "Switch", args: [true] };
    await expect(callTool(source, "dbus_act", call)).rejects.toMatchObject({
      code: "ERR_DBUS_UNKNOWN",
    });
    await house.addLamp("/lamps/one");
    await callTool(source, "dbus_act", call);
    const found = await callTool(source, "dbus_search", { query: "switch lamp" });
    expect(found["found"]).toContainEqual(
      expect.objectContaining({ id: "session/org.example.Lamp/org.example.Lamp/Switch" }),
    );
    await house.far.releaseName("org.example.Lamp");
    const after = await callTool(source, "dbus_search", { query: "switch lamp" });
    expect(after["found"]).toEqual([]);
    const codeOfCall = () => callTool(source, "dbus_act", call).catch(codeOfError);
    await expect.poll(codeOfCall).toBe("ERR_DBUS_UNKNOWN");
  });
});

describe("a bus that dies under load", () => {
  it("fails every call at once, repeats none, and its tools come back", async () => {
    await house.addLamp("/org/example/Lamp");
    const source = house.open();
    await callTool(source, "dbus_act", switchOn);
    let hung = 0;
    await house.far[Symbol.asyncDispose]();
    const slow = await house.connect();
    const received = Promise.withResolvers<void>();
    await openDocumentedService(slow, {
      name: "org.example.Slow",
      path: "/org/example/Slow",
      xml: `<interface name="org.example.Slow"><method name="Go"/></interface>`,
      answer: () => {
        hung += 1;
        if (hung === 50) received.resolve();
        return new Promise(() => undefined);
      },
    });
    const call = { service: "org.example.Slow", interface: "org.example.Slow", member: "Go" };
    const calls = Array.from({ length: 50 }, () => callTool(source, "dbus_act", call));
    const outcomes = Promise.allSettled(calls);
    await received.promise;
    await house.daemon.kill();
    const codes = (await outcomes).map((outcome) =>
      outcome.status === "rejected" && isOpError(outcome.reason) ? outcome.reason.code : "none",
    );
    expect(new Set(codes)).toEqual(new Set(["ERR_DBUS_DISCONNECTED"]));
    await expect(callTool(source, "dbus_act", call)).rejects.toMatchObject({
      code: "ERR_DBUS_UNAVAILABLE",
      retryable: true,
    });
    const back = waitForReconnection(slow);
    await house.daemon.start();
    await back;
    const services = (): Promise<string> =>
      callTool(source, "dbus_services").then((found) => JSON.stringify(found), codeOfError);
    await expect.poll(services, { timeout: 10_000 }).toContain("org.example.Slow");
    expect(hung).toBe(50);
  });
});

function codeOfError(error: unknown): string {
  return isOpError(error) ? error.code : String(error);
}

async function waitForReconnection(bus: BusConnection): Promise<void> {
  for await (const { kind } of bus.events()) if (kind === "reconnected") return;
}

describe("a source", () => {
  it("connects to nothing before it is used, and says once that it runs as root", async () => {
    const lines: string[] = [];
    const { byMember, connections, connect } = countCalls();
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (line: string) => void lines.push(line),
      child: () => logger,
    };
    const source = house.open({ connect, ownUid: 0, logger });
    await Array.fromAsync(source.resources.list({ signal: new AbortController().signal }));
    await source.tools.load("dbus_read", { signal: new AbortController().signal });
    expect(connections).toHaveLength(0);
    await callTool(source, "dbus_services");
    expect(connections).toHaveLength(1);
    expect(byMember.get("Introspect")).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining("root")]);
  });

  it("answers clearly where its host is gone, and lists what works on any service all the same", async () => {
    const hosts = [{ name: "far", address: "unix:path=/nonexistent/bus" }];
    const source = house.open({ config: { session: "none", hosts } });
    const tools = await listTools(source);
    expect(tools.map(({ name }) => name)).toContain("far_dbus_read");
    await expect(callTool(source, "far_dbus_services")).rejects.toMatchObject({
      code: "ERR_DBUS_UNAVAILABLE",
      message: expect.stringContaining('"far"'),
    });
  });

  it("keeps what services look like on the disk, and notices when a program changed", async () => {
    const cacheDirectory = await mkdtemp(join(tmpdir(), "op-dbus-own-"));
    await using _directory = {
      [Symbol.asyncDispose]: () => rm(cacheDirectory, { recursive: true, force: true }),
    };
    await house.addLamp("/org/example/Lamp");
    const config = { profile: ["org.example.Lamp.*"] };
    const first = house.open({ config, cacheDirectory });
    const names = (await listTools(first)).map(({ name }) => name);
    expect(names).toContain("user_Lamp_Switch");
    expect(names).toContain("user_Lamp_set_Colour");
    expect(names).toContain("user_Lamp_properties");
    const { byMember, connect } = countCalls();
    const second = house.open({ config, cacheDirectory, connect });
    await expect(callTool(second, "user_Lamp_properties")).resolves.toMatchObject({
      properties: { Colour: "red" },
    });
    expect(byMember.get("Introspect")).toBeUndefined();
  });
});
