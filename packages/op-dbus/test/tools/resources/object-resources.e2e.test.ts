import { createManualClock } from "op-core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Variant } from "../../../src/index.ts";
import { lamps, openLampHouse, type LampHouse } from "../../fixtures/lamp-house.ts";
import { callTool, contextOf } from "../../fixtures/open-dbus-source.ts";
import type { DBusSource } from "../../../src/tools/index.ts";

const uri = "dbus://session/org.example.Lamp/lamps/one";
const who = { signal: new AbortController().signal, principal: contextOf().principal };

let house: LampHouse;

beforeEach(async () => {
  house = await openLampHouse();
});

afterEach(() => house[Symbol.asyncDispose]());

async function readJson({ resources }: DBusSource, from = uri): Promise<unknown> {
  const [contents] = await resources.read(from, who);
  return contents !== undefined && "text" in contents ? JSON.parse(contents.text) : undefined;
}

describe("an object as a resource", () => {
  it("has its properties, and from its first reading on its signals", async () => {
    const lamp = await house.addLamp("/lamps/one");
    const source = house.open();
    await expect(readJson(source)).resolves.toMatchObject({
      service: lamps.service,
      path: "/lamps/one",
      interfaces: { [lamps.interface]: { properties: { Colour: "red", IsOn: false } } },
      signals: [],
    });
    const changes = source.resources.changes?.(who)[Symbol.asyncIterator]();
    const updated = changes?.next();
    await lamp.emit("Flickered", [2]);
    await expect(updated).resolves.toMatchObject({ value: { kind: "resource-updated", uri } });
    await expect(readJson(source)).resolves.toMatchObject({
      signals: [{ interface: lamps.interface, member: "Flickered", args: { times: 2 } }],
    });
    await expect(Array.fromAsync(source.resources.list(who))).resolves.toMatchObject([{ uri }]);
  });

  it.each([
    "dbus://system/org.example.Lamp/lamps/one",
    "dbus://session/not a name/lamps/one",
    "dbus://session/org.example.Lamp/lamps/",
    "https://example.org/",
  ])("at %j is none", async (other) => {
    await house.addLamp("/lamps/one");
    const { resources } = house.open();
    await expect(resources.read(other, who)).rejects.toMatchObject({
      code: "ERR_RESOURCE_NOT_FOUND",
    });
  });

  it("that nobody has is none, and nothing is started to find out", async () => {
    await house.addLamp("/lamps/one");
    const { resources } = house.open();
    for (const missing of [`${uri}/two`, "dbus://session/org.example.Nobody/a"]) {
      await expect(resources.read(missing, who)).rejects.toMatchObject({
        code: "ERR_RESOURCE_NOT_FOUND",
      });
    }
  });

  it("is not shown to whom a rule denies its service", async () => {
    await house.addLamp("/lamps/one");
    const rules = [{ name: "dark", deny: true, service: lamps.service }];
    const source = house.open({ config: { access: { rules } } });
    await expect(readJson(source)).rejects.toMatchObject({
      code: "ERR_DBUS_ACCESS_DENIED",
      data: { rule: "dark" },
    });
  });

  it("tells of a secret that changes only those who may read it", async () => {
    await house.addLamp("/lamps/one");
    const rules = [
      { allow: ["*"], class: "observe" },
      { allow: ["unix:uid=1"], class: ["observe", "sensitive"] },
    ];
    const source = house.open({ config: { access: { rules } } });
    const readAs = async (uid: number) => {
      const [contents] = await source.resources.read(uri, {
        ...who,
        principal: { id: `unix:uid=${uid}`, scopes: [] },
      });
      return JSON.stringify(contents);
    };
    await readAs(1);
    await readAs(2);
    const updates = source.resources.changes?.(who)[Symbol.asyncIterator]();
    const updated = updates?.next();
    const changed = new Map([["Password", new Variant("s", "hunter3")]]);
    await house.far.emit({
      path: "/lamps/one",
      interface: "org.freedesktop.DBus.Properties",
      member: "PropertiesChanged",
      signature: "sa{sv}as",
      body: [lamps.interface, changed, []],
    });
    await updated;
    await expect(readAs(1)).resolves.toContain("hunter3");
    await expect(readAs(2)).resolves.not.toContain("PropertiesChanged");
  });

  it("is proposed where a client completes its template", async () => {
    await house.addLamp("/lamps/one");
    const { resources } = house.open();
    const [template] = await Array.fromAsync(resources.templates?.(who) ?? []);
    const of = template?.uriTemplate ?? "";
    const complete = (argument: string, value: string, known: Record<string, string>) =>
      resources.complete?.({ of, argument, value, known }, who);
    await expect(complete("service", "org.example.", {})).resolves.toMatchObject({
      values: [lamps.service],
    });
    await expect(complete("path", "/l", { service: lamps.service })).resolves.toMatchObject({
      values: expect.arrayContaining(["/lamps/one"]),
    });
  });
});

describe("following an object", () => {
  const follow = ({ resources }: DBusSource, { at = uri, signal = who.signal } = {}) =>
    resources.follow?.(at, { ...who, signal });

  it("tells its changes without its having been read, until nobody follows it", async () => {
    const lamp = await house.addLamp("/lamps/one");
    const clock = createManualClock();
    const source = house.open({ clock, config: { events: { idleMs: 1000 } } });
    const updates = source.resources.changes?.(who)[Symbol.asyncIterator]();
    const unfollow = new AbortController();
    await follow(source, { signal: unfollow.signal });
    await flickerUntilTold();
    // However long nobody reads it: it is followed.
    await clock.advance(100_000);
    await flickerUntilTold();
    unfollow.abort();
    await clock.advance(2000);
    const next = updates?.next().then(() => "told");
    await lamp.emit("Flickered", [1]);
    await callTool(source, "dbus_get", { ...lamps, names: ["IsOn"] });
    await clock.advance(1000);
    await expect(Promise.race([next, Promise.resolve("nothing")])).resolves.toBe("nothing");

    async function flickerUntilTold(): Promise<void> {
      const update = updates?.next();
      await lamp.emit("Flickered", [1]);
      // The signal was sent before the answer to this.
      await callTool(source, "dbus_get", { ...lamps, names: ["IsOn"] });
      await clock.advance(100);
      await expect(update).resolves.toMatchObject({ value: { kind: "resource-updated", uri } });
    }
  });

  it("is for those who may observe it, whose it is, and where there is one", async () => {
    await house.addLamp("/lamps/one");
    await house.addLamp("/lamps/two");
    const deny = (rule: object) => ({ access: { rules: [{ name: "dark", deny: true, ...rule }] } });
    const denied = { code: "ERR_DBUS_ACCESS_DENIED", data: { rule: "dark" } };
    const darkService = house.open({ config: deny({ service: lamps.service }) });
    await expect(follow(darkService)).rejects.toMatchObject(denied);
    const darkObject = house.open({ config: deny({ path: "/lamps/one" }) });
    await expect(follow(darkObject)).rejects.toMatchObject(denied);
    await expect(readJson(darkObject)).rejects.toMatchObject(denied);
    await follow(darkObject, { at: "dbus://session/org.example.Lamp/lamps/two" });
    const notFound = { code: "ERR_RESOURCE_NOT_FOUND" };
    for (const at of [`${uri}/two`, "dbus://session/org.example.Nobody/a", "https://example.org/"])
      await expect(follow(darkObject, { at })).rejects.toMatchObject(notFound);
  });

  it("is refused where as many are followed as may be, and none of these is let go", async () => {
    await house.addLamp("/lamps/one");
    const two = await house.addLamp("/lamps/two");
    const source = house.open({ config: { events: { maxSubscriptions: 1 } } });
    const at = "dbus://session/org.example.Lamp/lamps/two";
    const unfollow = new AbortController();
    await follow(source, { signal: unfollow.signal });
    await expect(follow(source, { at })).rejects.toMatchObject({
      code: "ERR_DBUS_TOO_MANY_SUBSCRIPTIONS",
    });
    await expect(readJson(source, at)).resolves.toMatchObject({ path: "/lamps/two" });
    unfollow.abort();
    const updates = source.resources.changes?.(who)[Symbol.asyncIterator]();
    await follow(source, { at });
    const update = updates?.next();
    await two.emit("Flickered", [1]);
    await expect(update).resolves.toMatchObject({ value: { uri: at } });
  });
});
