import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOpError } from "op-core";
import { describeToolSource } from "op-tools/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BusConnection } from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";
import type { DBusSource } from "../../src/tools/index.ts";
import { openDocumentedService } from "../fixtures/documented-service.ts";
import { lamps, openLampHouse, switchOn, type LampHouse } from "../fixtures/lamp-house.ts";
import {
  callTool,
  contextOf,
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

describe("a bus that dies again and again under load", () => {
  const service = "org.example.Once";
  const uri = "dbus://session/org.example.Once/once";
  /** The bus is gone, or is back before the service is. */
  const expected = new Set(
    ["DISCONNECTED", "UNAVAILABLE", "UNKNOWN", "CALL_FAILED"].map((code) => `ERR_DBUS_${code}`),
  );

  it("leaves no call of a tool hanging, repeats none, and everything goes on", async () => {
    const { bus, seen } = await openOnce();
    const source = house.open({ config: { profile: [`${service}.*`] } });
    const { signal } = new AbortController();
    const who = { signal, principal: contextOf().principal };
    const names = (await listTools(source)).map(({ name }) => name);
    expect(names).toContain("user_Once_Do");
    const updates = source.resources.changes?.(who)[Symbol.asyncIterator]();
    await source.resources.follow?.(uri, who);
    const { cursor } = await callTool(source, "dbus_events", { service });
    const load = startLoad(source);
    await using events = bus.events();
    for (let round = 1; round <= 3; round += 1) {
      await expect.poll(load.answered, { timeout: 10_000 }).toBeGreaterThan(round * 100);
      await house.daemon.kill();
      await house.daemon.start();
      for (const kind of ["disconnected", "reconnected"])
        await expect(events.next()).resolves.toMatchObject({ value: { kind } });
    }
    const { asked, answered, codes, slowestMs } = await load.stop();
    expect(answered + codes.length).toBe(asked);
    expect(codes.filter((code) => !expected.has(code))).toEqual([]);
    expect(codes.length).toBeGreaterThan(0);
    expect(slowestMs).toBeLessThan(5000);
    expect([...seen.values()].filter((times) => times !== 1)).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(answered);
    const doOnce = (): Promise<string> =>
      callTool(source, "user_Once_Do", { number: 0 }).then(() => "done", codeOfError);
    await expect.poll(doOnce, { timeout: 10_000 }).toBe("done");
    expect((await listTools(source)).map(({ name }) => name)).toEqual(names);
    const updated = updates?.next();
    await bus.emit({ path: "/once", interface: service, member: "Did" });
    await expect(updated).resolves.toMatchObject({ value: { uri } });
    const later = { service, cursor: cursor!, waitSeconds: 10 };
    await expect(callTool(source, "dbus_events", later)).resolves.toMatchObject({
      events: [{ member: "Did" }],
    });
  }, 30_000);

  /** A service that notes which calls it gets how often. */
  async function openOnce() {
    const seen = new Map<number, number>();
    const bus = await house.connect();
    await openDocumentedService(bus, {
      name: service,
      path: "/once",
      xml: `<interface name="${service}"><method name="Do"><arg name="number" type="u" direction="in"/></method><signal name="Did"/></interface>`,
      answer: async ({ body }) => {
        const number = Number(body[0]);
        seen.set(number, (seen.get(number) ?? 0) + 1);
        return await Promise.resolve({ signature: "", body: [] });
      },
    });
    return { bus, seen };
  }
});

/** Calls tools all the time, half of them by their own names, half of them by the generic one. */
function startLoad(source: DBusSource) {
  const stopping = new AbortController();
  const codes: string[] = [];
  let asked = 0;
  let answered = 0;
  let slowestMs = 0;
  const call = async (isTyped: boolean): Promise<void> => {
    const args = { number: (asked += 1) };
    const beganAt = performance.now();
    try {
      if (isTyped) await callTool(source, "user_Once_Do", args);
      else {
        const which = { service: "org.example.Once", interface: "org.example.Once", member: "Do" };
        await callTool(source, "dbus_act", { ...which, path: "/once", args });
      }
      answered += 1;
    } catch (error) {
      codes.push(codeOfError(error));
      await new Promise((resolve) => setImmediate(resolve));
    }
    slowestMs = Math.max(slowestMs, performance.now() - beganAt);
  };
  const work = Array.from({ length: 20 }, async (_, index) => {
    while (!stopping.signal.aborted) await call(index % 2 === 0);
  });
  return {
    answered: () => answered,
    stop: async () => {
      stopping.abort();
      await Promise.all(work);
      return { asked, answered, codes, slowestMs };
    },
  };
}

function codeOfError(error: unknown): string {
  return isOpError(error) ? error.code : String(error);
}

async function waitForReconnection(bus: BusConnection): Promise<void> {
  for await (const { kind } of bus.events()) if (kind === "reconnected") return;
}

describe("a source", () => {
  it("connects to nothing before it is used", async () => {
    const { byMember, connections, connect } = countCalls();
    const source = house.open({ connect, ownUid: 0 });
    await Array.fromAsync(source.resources.list({ signal: new AbortController().signal }));
    await source.tools.load("dbus_read", { signal: new AbortController().signal });
    expect(connections).toHaveLength(0);
    await callTool(source, "dbus_services");
    expect(connections).toHaveLength(1);
    expect(byMember.get("Introspect")).toBeUndefined();
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
