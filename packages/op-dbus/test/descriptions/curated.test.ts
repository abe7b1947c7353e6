import { describe, expect, it } from "vitest";
import {
  describeInterface,
  describeMember,
  describeService,
  type CuratedText,
} from "../../src/descriptions/index.ts";
import { serviceTexts } from "../../src/descriptions/curated/service-texts.ts";
import { realInterfaces, serviceOf } from "../fixtures/real-interfaces.ts";

const real = new Map(realInterfaces.map((one) => [one.name, one]));
const interfaces = serviceTexts.flatMap(({ interfaces: all }) => Object.entries(all));
const members = interfaces.flatMap(([name, { members: all = {} }]) =>
  Object.entries(all).map(([member, text]) => ({
    name,
    member,
    text: typeof text === "string" ? { text } : text,
  })),
);

describe("the texts", () => {
  it("are about interfaces and members that exist", () => {
    const unknown = interfaces
      .map(([name]) => name)
      .filter((name) => !real.has(name) && !name.startsWith("org.freedesktop.DBus."));
    const wrong = members.flatMap(({ name, member }) => {
      const one = real.get(name);
      if (one === undefined) return [];
      const known = [...one.methods, ...one.reads, ...one.writes, ...one.signals];
      return known.includes(member) ? [] : [`${name}.${member}`];
    });
    expect([...unknown, ...wrong]).toEqual([]);
  });

  it("explain arguments that exist", () => {
    const wrong = members.flatMap(
      ({ name, member, text }: { text: CuratedText } & Record<"name" | "member", string>) => {
        const known = real.get(name)?.inputs.get(member);
        return Object.keys(text.arguments ?? {})
          .filter((argument) => known?.includes(argument) !== true)
          .map((argument) => `${name}.${member}(${argument})`);
      },
    );
    expect(wrong).toEqual([]);
  });

  it("are short sentences", () => {
    const texts = [
      ...interfaces.map(([, { text }]) => text),
      ...members.map(({ text }) => text.text),
    ];
    const rest = members.flatMap(({ text }) => Object.values(text.arguments ?? {}));
    const odd = [...texts, ...rest].filter(
      (text) => text.length > 260 || !/[.…]"?$/.test(text) || text !== text.trim(),
    );
    expect(odd).toEqual([]);
  });

  it("explain every argument of what they explain, or none", () => {
    const half = members.flatMap(({ name, member, text }) => {
      const inputs =
        real
          .get(name)
          ?.inputs.get(member)
          ?.filter((input) => input !== "") ?? [];
      const explained = Object.keys(text.arguments ?? {});
      const missing = inputs.filter((input) => !explained.includes(input));
      return explained.length > 0 && missing.length > 0
        ? [`${name}.${member}: ${missing.join()}`]
        : [];
    });
    expect(half).toEqual([]);
  });

  it("cover so many members", () => {
    const counts = {
      services: serviceTexts.length,
      interfaces: interfaces.length,
      members: members.length,
    };
    expect(counts).toMatchInlineSnapshot(`
      {
        "interfaces": 66,
        "members": 715,
        "services": 16,
      }
    `);
  });
});

describe("what is described", () => {
  const manager = "org.freedesktop.systemd1.Manager";

  it("are services, interfaces and members", () => {
    expect(describeService("org.freedesktop.systemd1")?.text).toContain("services");
    expect(
      describeInterface("org.freedesktop.timedate1", "org.freedesktop.timedate1")?.text,
    ).toContain("time zone");
    const list = describeMember("org.freedesktop.systemd1", manager, "ListUnitsFiltered");
    expect(list?.text).toContain('List failed units: states ["failed"]');
    expect(list?.arguments).toHaveProperty("states");
    expect(list?.keywords).toContain("failed services");
    const ping = describeMember("com.example.A", "org.freedesktop.DBus.Peer", "Ping");
    expect(ping).toEqual({ text: "Answers with nothing." });
  });

  it("is nothing of another service, and nothing that nobody wrote about", () => {
    expect(describeMember("com.example.A", manager, "StartUnit")).toBeUndefined();
    expect(describeService("com.example.A")).toBeUndefined();
    expect(describeService("*")).toBeUndefined();
    expect(describeInterface("org.freedesktop.systemd1", "constructor")).toBeUndefined();
    expect(describeMember("org.freedesktop.systemd1", manager, "toString")).toBeUndefined();
  });

  it.each([
    ["restart a service", "RestartUnit"],
    ["what time zone", "Timezone"],
    ["rename the machine", "SetStaticHostname"],
    ["dns lookup", "ResolveHostname"],
    ["battery level", "Percentage"],
    ["who is logged in", "ListSessions"],
    ["mount a usb stick", "Mount"],
  ])("is found by plain words: %s", (words, member) => {
    const found = members.filter(
      ({ text }) => "keywords" in text && text.keywords?.includes(words),
    );
    expect(found.map((one) => one.member)).toContain(member);
  });

  it("belongs to services that have it", () => {
    const lost = realInterfaces
      .filter(({ name }) => interfaces.some(([described]) => described === name))
      .filter(({ name }) => describeInterface(serviceOf(name), name) === undefined);
    expect(lost).toEqual([]);
  });
});
