import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Variant } from "../../../src/index.ts";
import { lamps, openLampHouse, type LampHouse } from "../../fixtures/lamp-house.ts";
import { callTool } from "../../fixtures/open-dbus-source.ts";

let house: LampHouse;

beforeEach(async () => {
  house = await openLampHouse();
});

afterEach(() => house[Symbol.asyncDispose]());

describe("signals", () => {
  it("are told from the cursor on, changes of one object put together, and none is missed", async () => {
    const one = await house.addLamp("/lamps/one");
    const source = house.open();
    const selection = { service: "org.example.Lamp" };
    const begun = await callTool(source, "dbus_events", selection);
    await one.emit("Flickered", [3]);
    await one.emit("Flickered", [4]);
    const page = await callTool(source, "dbus_events", {
      ...selection,
      cursor: begun["cursor"]!,
      waitSeconds: 10,
    });
    const rest =
      (page["events"] as unknown[]).length === 2
        ? { events: [] as unknown[] }
        : await callTool(source, "dbus_events", {
            ...selection,
            cursor: page["cursor"]!,
            waitSeconds: 10,
          });
    expect([...(page["events"] as unknown[]), ...(rest["events"] as unknown[])]).toMatchObject([
      { member: "Flickered", path: "/lamps/one", args: { times: 3 } },
      { member: "Flickered", args: { times: 4 } },
    ]);
  });

  it("do not tell what may not be read", async () => {
    await house.addLamp("/lamps/one");
    const source = house.open();
    const selection = { service: "org.example.Lamp", path: "/lamps/one" };
    const { cursor } = await callTool(source, "dbus_events", selection);
    const signal = {
      path: "/lamps/one",
      interface: "org.freedesktop.DBus.Properties",
      member: "PropertiesChanged",
    };
    const changed = new Map([
      ["Password", new Variant("s", "hunter3")],
      ["IsOn", new Variant("b", true)],
    ]);
    await house.far.emit({
      ...signal,
      signature: "sa{sv}as",
      body: ["org.example.Lamp", changed, []],
    });
    const page = await callTool(source, "dbus_events", {
      ...selection,
      cursor: cursor!,
      waitSeconds: 10,
    });
    expect(page["events"]).toMatchObject([{ args: { changed_properties: { IsOn: true } } }]);
    expect(JSON.stringify(page)).not.toContain("hunter3");
  });

  it("are refused to whom a rule denies them", async () => {
    await house.addLamp("/lamps/one");
    const rules = [{ name: "deaf", deny: true, member: "Flickered" }];
    const source = house.open({ config: { access: { rules } } });
    const selection = { ...lamps, member: "Flickered" };
    await expect(callTool(source, "dbus_events", selection)).rejects.toMatchObject({
      code: "ERR_DBUS_ACCESS_DENIED",
      data: { rule: "deaf" },
    });
  });
});
