import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDocumentedService } from "../../fixtures/documented-service.ts";
import { openLampHouse, switchOn, type LampHouse } from "../../fixtures/lamp-house.ts";
import { callTool } from "../../fixtures/open-dbus-source.ts";

let house: LampHouse;

beforeEach(async () => {
  house = await openLampHouse();
});

afterEach(() => house[Symbol.asyncDispose]());

describe("calls", () => {
  it("take arguments by name or in order, and leave the path out where one object is meant", async () => {
    const { state } = house;
    await house.addLamp("/lamps/one");
    const source = house.open();
    await callTool(source, "dbus_act", switchOn);
    expect(state.isOn).toBe(true);
    await callTool(source, "dbus_act", { ...switchOn, args: [false] });
    expect(state.isOn).toBe(false);
    await expect(callTool(source, "dbus_act", { ...switchOn, args: [] })).rejects.toMatchObject({
      code: "ERR_DBUS_VALUE",
      message: expect.stringContaining("1 values (on)"),
    });
  });

  it("want a path where there are several objects, also one that came later", async () => {
    const { state } = house;
    await house.addLamp("/lamps/one");
    const source = house.open();
    await callTool(source, "dbus_act", switchOn);
    await house.addLamp("/lamps/two");
    await expect(callTool(source, "dbus_act", switchOn)).rejects.toMatchObject({
      code: "ERR_DBUS_PATH_NEEDED",
      advice: expect.stringContaining("/lamps/two"),
    });
    await callTool(source, "dbus_act", { ...switchOn, path: "/lamps/two" });
    expect(state.switched).toBe(2);
  });

  it("go to a method that answers nothing without waiting", async () => {
    await openDocumentedService(await house.connect(), {
      name: "org.example.Silent",
      path: "/org/example/Silent",
      xml: `<interface name="org.example.Silent"><method name="Go"><annotation name="org.freedesktop.DBus.Method.NoReply" value="true"/></method></interface>`,
      answer: () => new Promise(() => undefined),
    });
    const call = { service: "org.example.Silent", interface: "org.example.Silent", member: "Go" };
    await expect(callTool(house.open(), "dbus_act", call)).resolves.toEqual({ sent: true });
  });

  it.each([
    ["org.freedesktop.DBus.Error.AccessDenied", "ERR_DBUS_AUTHORIZATION"],
    ["org.freedesktop.NetworkManager.PermissionDenied", "ERR_DBUS_AUTHORIZATION"],
    ["org.freedesktop.UDisks2.Error.NotAuthorizedCanObtain", "ERR_DBUS_AUTHORIZATION"],
    ["org.freedesktop.ModemManager1.Error.Core.Unauthorized", "ERR_DBUS_AUTHORIZATION"],
    ["org.example.Error.PermissionDeniedToday", "ERR_DBUS_CALL_FAILED"],
  ])("that a service answers with %s are %s", async (errorName, code) => {
    await openDocumentedService(await house.connect(), {
      name: "org.example.Strict",
      path: "/org/example/Strict",
      xml: `<interface name="org.example.Strict"><method name="Go"/></interface>`,
      answer: () => Promise.resolve({ errorName, message: "Not you." }),
    });
    const call = { service: "org.example.Strict", interface: "org.example.Strict", member: "Go" };
    await expect(callTool(house.open(), "dbus_act", call)).rejects.toMatchObject({
      code,
      message: expect.stringContaining("Not you."),
    });
  });

  it("end with their signal and after their time", async () => {
    await openDocumentedService(await house.connect(), {
      name: "org.example.Slow",
      path: "/org/example/Slow",
      xml: `<interface name="org.example.Slow"><method name="Go"/></interface>`,
      answer: () => new Promise(() => undefined),
    });
    const call = { service: "org.example.Slow", interface: "org.example.Slow", member: "Go" };
    const source = house.open({ config: { calls: { timeoutMs: 100 } } });
    await expect(callTool(source, "dbus_act", call)).rejects.toMatchObject({
      code: "ERR_DBUS_TIMEOUT",
    });
    const controller = new AbortController();
    const patient = house.open();
    const pending = callTool(patient, "dbus_act", call, { signal: controller.signal });
    controller.abort(new Error("not wanted any more"));
    await expect(pending).rejects.toThrow("not wanted any more");
  });
});
