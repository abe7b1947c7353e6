import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import { withoutSecrets } from "../../../src/tools/events/without-secrets.ts";

const secret = "hunter2";

function tell(name: string, member: string, args: JsonObject): JsonObject | undefined {
  const event = { at: 0, path: "/a", interface: name, member, args };
  return withoutSecrets(event, ({ member: property }) => property !== "Password")?.args;
}

describe("an event", () => {
  const properties = "org.freedesktop.DBus.Properties";
  const change = (changed: JsonObject, invalid: readonly string[] = []): JsonObject => ({
    interface_name: "org.example.A",
    changed_properties: changed,
    invalidated_properties: [...invalid],
  });

  it("tells of a change only what may be read, and nothing where that is all", () => {
    const both = change({ Password: secret, On: true }, ["Password", "Name"]);
    expect(tell(properties, "PropertiesChanged", both)).toEqual(change({ On: true }, ["Name"]));
    const alone = change({ Password: secret }, ["Password"]);
    expect(tell(properties, "PropertiesChanged", alone)).toBeUndefined();
    expect(tell(properties, "PropertiesChanged", change({}))).toEqual(change({}));
  });

  it("tells nothing of a change that is written as none is", () => {
    expect(tell(properties, "PropertiesChanged", { arg0: { Password: secret } })).toBeUndefined();
    const more = { ...change({ On: true }), arg3: { Password: secret } };
    expect(tell(properties, "PropertiesChanged", more)).toEqual(change({ On: true }));
    const odd = { ...change({}), changed_properties: [["Password", secret]] };
    expect(JSON.stringify(tell(properties, "PropertiesChanged", odd) ?? {})).not.toContain(secret);
  });

  it("tells of an object that appears only what may be read", () => {
    const added = { "org.example.A": { Password: secret, On: true } };
    const args = { object_path: "/b", interfaces_and_properties: added };
    expect(tell("org.freedesktop.DBus.ObjectManager", "InterfacesAdded", args)).toEqual({
      object_path: "/b",
      interfaces_and_properties: { "org.example.A": { On: true } },
    });
  });

  it("tells no more where an interface has a signal of its own for changes", () => {
    const args = { properties: { Password: secret, On: true }, count: 1 };
    expect(tell("org.example.A", "PropertiesChanged", args)).toEqual({
      properties: { On: true },
      count: 1,
    });
    const one = (name: string) => tell("org.example.A", "PropertyChanged", { name, value: secret });
    expect(one("Password")).toBeUndefined();
    expect(one("Name")).toEqual({ name: "Name", value: secret });
  });

  it("that is about no property is told as it is", () => {
    expect(tell("org.example.A", "Said", { Password: secret })).toEqual({ Password: secret });
  });
});
