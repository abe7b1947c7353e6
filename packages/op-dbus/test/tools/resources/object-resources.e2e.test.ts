import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lamps, openLampHouse, type LampHouse } from "../../fixtures/lamp-house.ts";
import { contextOf } from "../../fixtures/open-dbus-source.ts";
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
