import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interfacesOfDescriptions } from "../../../src/tools/catalogue/service-entry.ts";
import { nameMembers } from "../../../src/tools/typed/tool-names.ts";
import { typedMembersOf, type TypedMember } from "../../../src/tools/typed/typed-member.ts";

function membersOf(
  bus: string,
  service: string,
  methods: Readonly<Record<string, readonly string[]>>,
) {
  const plain = { annotations: new Map<string, string>(), documentation: undefined };
  const interfaces = Object.entries(methods).map(([name, names]) => ({
    name,
    ...plain,
    methods: names.map((method) => ({ name: method, ...plain, inputs: [], outputs: [] })),
    properties: [],
    signals: [],
  }));
  return typedMembersOf({
    bus,
    name: service,
    interfaces: interfacesOfDescriptions(interfaces, "installed"),
    isSilent: false,
    gapCount: 0,
  });
}

function namesOf(members: readonly TypedMember[], prefix = ""): readonly string[] {
  return [...nameMembers(members, prefix).keys()];
}

describe("names of tools", () => {
  it("say service, interface and member, and which bus and host where it is not the machine's own", () => {
    const manager = membersOf("system", "org.freedesktop.login1", {
      "org.freedesktop.login1.Manager": ["ListUsers"],
    });
    expect(namesOf(manager)).toEqual(["login1_Manager_ListUsers"]);
    expect(namesOf(manager, "far_")).toEqual(["far_login1_Manager_ListUsers"]);
    const own = membersOf("session", "org.example.Lamp", { "org.example.Lamp": ["Switch"] });
    expect(namesOf(own)).toEqual(["user_Lamp_Switch"]);
  });

  it("are told apart by a digest, the same in whatever order the members come", () => {
    const one = membersOf("system", "org.one.Lamp", { "org.one.Lamp": ["Switch"] });
    const other = membersOf("system", "org.other.Lamp", { "org.other.Lamp": ["Switch"] });
    const names = namesOf([...one, ...other]);
    expect(names).toEqual(["Lamp_Switch", expect.stringMatching(/^Lamp_Switch_|_[0-9a-f]{8}$/)]);
    expect(namesOf([...other, ...one])).toEqual(names);
    expect(nameMembers([...other, ...one], "").get("Lamp_Switch")?.service).toBe("org.one.Lamp");
  });

  it("are accepted by every client, and each is one member's", () => {
    const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,40}$/);
    const arbitrary = fc.uniqueArray(fc.tuple(word, word, word), {
      selector: (words) => words.join(" "),
      maxLength: 20,
    });
    fc.assert(
      fc.property(arbitrary, (places) => {
        const members = places.flatMap(([service, last, method]) =>
          membersOf("system", `org.${service}`, { [`org.example.${last}`]: [method] }),
        );
        const named = nameMembers(members, "");
        for (const name of named.keys()) expect(name).toMatch(/^[A-Za-z0-9_-]{1,48}$/);
        expect(named.size).toBe(members.length);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
