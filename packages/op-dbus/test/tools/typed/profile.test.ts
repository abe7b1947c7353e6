import { describe, expect, it } from "vitest";
import { createProfile, type ProfileMember } from "../../../src/tools/typed/profile.ts";

const listUnits: ProfileMember = {
  service: "org.freedesktop.systemd1",
  interface: "org.freedesktop.systemd1.Manager",
  kind: "call",
  name: "ListUnits",
};

describe("a profile", () => {
  it.each([
    ["org.freedesktop.systemd1.Manager.ListUnits", true],
    ["org.freedesktop.systemd1.Manager.List*", true],
    ["org.freedesktop.*", true],
    ["*", true],
    ["essentials", true],
    ["org.freedesktop.systemd1.Manager.ListUnit", false],
    ["org.freedesktop.systemd1.Unit.*", false],
    ["org.freedesktop.systemd1 org.freedesktop.systemd1.Manager.*", true],
    ["org.example.* *.ListUnits", false],
  ])("of %j has the listing of units: %j", (pattern, isIncluded) => {
    const profile = createProfile([pattern]);
    expect(profile.includes(listUnits)).toBe(isIncluded);
    const mayInclude = profile.mayInclude(listUnits.service);
    expect(mayInclude || !isIncluded).toBe(true);
  });

  it("does not take a borrowed interface for that of its service, unless it says so", () => {
    const borrowed = { ...listUnits, service: "org.example.Imposter" };
    expect(createProfile(["org.freedesktop.systemd1.*"]).includes(borrowed)).toBe(false);
    const qualified = createProfile(["org.example.Imposter org.freedesktop.systemd1.*"]);
    expect(qualified.includes(borrowed)).toBe(true);
    expect(qualified.mayInclude("org.freedesktop.systemd1")).toBe(false);
  });

  it("tells reading properties, writing one and a method of the same name apart", () => {
    const place = { service: "org.example.Lamp", interface: "org.example.Lamp" };
    const reading: ProfileMember = { ...place, kind: "get", name: "properties" };
    const writing: ProfileMember = { ...place, kind: "set", name: "Colour" };
    const calling: ProfileMember = { ...place, kind: "call", name: "Colour" };
    const chosenBy = (pattern: string) =>
      [reading, writing, calling].map((member) => createProfile([pattern]).includes(member));
    expect(chosenBy("org.example.Lamp.properties")).toEqual([true, false, false]);
    expect(chosenBy("org.example.Lamp.set Colour")).toEqual([false, true, false]);
    expect(chosenBy("org.example.Lamp.Colour")).toEqual([false, false, true]);
  });

  it("of nothing looks at no service", () => {
    expect(createProfile([]).mayInclude("org.freedesktop.systemd1")).toBe(false);
  });
});
