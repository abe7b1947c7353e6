import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBusConnection, Variant, type BusConnection } from "../../../src/index.ts";
import { openDocumentedService } from "../../fixtures/documented-service.ts";
import { lamps, openLampHouse, switchOn, type LampHouse } from "../../fixtures/lamp-house.ts";
import { callTool, contextOf } from "../../fixtures/open-dbus-source.ts";

let house: LampHouse;

beforeEach(async () => {
  house = await openLampHouse();
});

afterEach(() => house[Symbol.asyncDispose]());

describe("access", () => {
  it("is decided about the property, whichever way it is reached", async () => {
    const { state } = house;
    await house.addLamp("/lamps/one");
    const config = {
      access: {
        rules: [
          { name: "paint", deny: true, member: "Colour", class: "destructive" },
          { name: "all", allow: ["*"], class: ["observe", "change", "destructive"] },
        ],
      },
    };
    const source = house.open({ config });
    const generic = {
      service: lamps.service,
      path: "/lamps/one",
      interface: "org.freedesktop.DBus.Properties",
    };
    const refusal = { code: "ERR_DBUS_ACCESS_DENIED", data: { rule: "paint" } };
    const set = { member: "Set", args: [lamps.interface, "Colour", "blue"] };
    await expect(callTool(source, "dbus_act", { ...generic, ...set })).rejects.toMatchObject(
      refusal,
    );
    const direct = { ...lamps, property: "Colour", value: "blue" };
    await expect(callTool(source, "dbus_set", direct)).rejects.toMatchObject(refusal);
    expect(state.colour).toBe("red");
    const read = { ...generic, member: "Get", args: [lamps.interface, "Colour"] };
    await expect(callTool(source, "dbus_read", read)).resolves.toEqual({
      properties: { Colour: "red" },
    });
  });

  it("withholds what is sensitive from whoever reads everything, in every way", async () => {
    await house.addLamp("/lamps/one");
    const source = house.open();
    const all = await callTool(source, "dbus_get", lamps);
    expect(all["properties"]).toEqual({ IsOn: false, Colour: "red" });
    expect(all["withheld"]).toEqual({ Password: expect.stringContaining("sensitive") });
    const generic = { ...lamps, path: "/lamps/one", interface: "org.freedesktop.DBus.Properties" };
    const read = (member: string, args: readonly string[]) =>
      callTool(source, "dbus_read", { ...generic, member, args });
    await expect(read("GetAll", [lamps.interface])).resolves.toEqual(all);
    await expect(read("Get", [lamps.interface, "Password"])).rejects.toMatchObject({
      code: "ERR_DBUS_ACCESS_DENIED",
      advice: expect.stringContaining("Password"),
    });
    const { signal } = new AbortController();
    const uri = "dbus://session/org.example.Lamp/lamps/one";
    const who = { signal, principal: contextOf().principal };
    const [contents] = await source.resources.read(uri, who);
    expect(JSON.stringify(contents)).not.toContain("hunter2");
  });

  it("sends what needs a yes only where a person can be asked", async () => {
    await house.addLamp("/lamps/one");
    const rules = [{ name: "ask", allow: ["*"], class: ["observe", "sensitive"], confirm: true }];
    const source = house.open({ config: { access: { rules } } });
    const get = { ...lamps, names: ["IsOn"] };
    await expect(callTool(source, "dbus_get", get)).rejects.toMatchObject({
      code: "ERR_DBUS_NOT_READ_ONLY",
      advice: expect.stringContaining("dbus_act"),
    });
    const generic = { ...lamps, path: "/lamps/one", interface: "org.freedesktop.DBus.Properties" };
    const act = { ...generic, member: "Get", args: [lamps.interface, "IsOn"] };
    const tool = await source.tools.load("dbus_act", { signal: new AbortController().signal });
    await expect(tool.effectOf?.(act, contextOf())).resolves.toMatchObject({
      risk: "read",
      needsApproval: true,
    });
  });

  it("takes a yes for the process that was asked about, and for no other", async () => {
    await house.addLamp("/lamps/one");
    const source = house.open();
    const tool = await source.tools.load("dbus_act", { signal: new AbortController().signal });
    const context = contextOf({ requestId: "agreed" });
    await tool.effectOf?.(switchOn, context);
    await house.far.releaseName(lamps.service);
    const other = await house.connect();
    await openDocumentedService(other, {
      name: lamps.service,
      path: "/lamps/one",
      xml: '<interface name="org.example.Lamp"><method name="Switch"><arg type="b" name="on"/></method></interface>',
      answer: () => Promise.reject(new Error("this lamp must not be switched")),
    });
    await expect(tool.call(switchOn, context)).rejects.toMatchObject({
      code: "ERR_DBUS_OWNER_CHANGED",
    });
  });

  it("trusts a name of the system bus only to root and to users that are expected", async () => {
    const { state } = house;
    await house.addLamp("/lamps/one");
    const uid = process.geteuid?.() ?? 0;
    // What this process owns belongs to nobody special in the eyes of a bus that says it is somebody else's.
    const connect = (options: Parameters<typeof openBusConnection>[0]) => openAs(options, 4321);
    const config = { session: "none", system: house.daemon.address };
    const source = house.open({ config, connect, ownUid: uid });
    await expect(callTool(source, "dbus_act", switchOn)).rejects.toMatchObject({
      code: "ERR_DBUS_UNTRUSTED_OWNER",
      data: { uid: 4321 },
    });
    await expect(
      callTool(source, "dbus_get", { ...lamps, names: ["IsOn"] }),
    ).resolves.toBeDefined();
    const trusting = house.open({
      config: { ...config, trustedUsers: { "org.example.*": [4321] } },
      connect,
      ownUid: uid,
    });
    await callTool(trusting, "dbus_act", switchOn);
    expect(state.switched).toBe(1);
  });
});

/** A connection whose bus says that every name belongs to a user. */
async function openAs(
  options: Parameters<typeof openBusConnection>[0],
  uid: number,
): Promise<BusConnection> {
  const bus = await openBusConnection(options);
  return new Proxy(bus, {
    get: (connection, key) => {
      if (key === "call") {
        const call: BusConnection["call"] = async (message, how) => {
          if (message.member !== "GetConnectionCredentials")
            return await connection.call(message, how);
          const body = [new Map([["UnixUserID", new Variant("u", uid)]])];
          return { signature: "a{sv}", body, sender: undefined };
        };
        return call;
      }
      const value: unknown = Reflect.get(connection, key, connection);
      return typeof value === "function" ? value.bind(connection) : value;
    },
  });
}
