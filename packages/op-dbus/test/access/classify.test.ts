import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify, isGraver, type PartialOperation } from "../../src/access/index.ts";
import { operation } from "./operations.ts";

const runs = { seed: 42, numRuns: 2000 };

const start = operation({ args: { name: "nginx.service", mode: "replace" } });
const onUnit = (label: string, about: Partial<PartialOperation> = {}) =>
  operation({
    interface: "org.freedesktop.systemd1.Unit",
    member: "Start",
    path: `/org/freedesktop/systemd1/unit/${label}`,
    args: { mode: "replace" },
    ...about,
  });
const properties = (member: string, args: PartialOperation["args"], about = {}) =>
  operation({
    interface: "org.freedesktop.DBus.Properties",
    member,
    ...(args && { args }),
    ...about,
  });

describe("a class", () => {
  it("comes from the table", () => {
    expect(classify(start)).toEqual({
      class: "change",
      isCurated: true,
      isIdempotent: true,
      needsPolkit: "org.freedesktop.systemd1.manage-units",
      reason: "It changes something that can be changed back.",
    });
    expect(classify({ ...start, member: "RestartUnit" })).toMatchObject({
      class: "change",
      isIdempotent: false,
    });
  });

  it("is destructive for methods that nobody looked at, however harmless they sound", () => {
    const unknown = operation({ service: "com.example.A", interface: "com.example.A" });
    expect(classify({ ...unknown, member: "GetStatus" })).toEqual({
      class: "destructive",
      isCurated: false,
      isIdempotent: false,
      reason: "Nobody has looked at what it does, so it counts as destructive.",
    });
    expect(classify({ ...unknown, member: "Anything", kind: "set" }).class).toBe("destructive");
  });

  it("is observing for properties, unless the name sounds like a secret", () => {
    const unknown = operation({
      service: "com.example.A",
      interface: "com.example.A",
      kind: "get",
    });
    expect(classify({ ...unknown, member: "Version" }).class).toBe("observe");
    for (const member of ["ApiKey", "WiFiPassword", "PSK", "userSecrets", "private_key"]) {
      expect(classify({ ...unknown, member }).class).toBe("sensitive");
    }
    for (const member of ["PublicKey", "HandlePowerKey", "Pinned", "Tokenizer"]) {
      expect(classify({ ...unknown, member }).class).toBe("observe");
    }
  });

  it("does not trust another service that has the names of a known one", () => {
    const look = operation({ member: "ListUnits" });
    expect(classify(look).class).toBe("observe");
    expect(classify({ ...look, service: "com.example.A" })).toMatchObject({
      class: "destructive",
      isCurated: false,
    });
  });

  it("grows by what the service warns of", () => {
    const annotations = new Map([["org.freedesktop.systemd1.Privileged", "true"]]);
    const method = operation({ service: "com.example.A", interface: "com.example.A" });
    expect(classify(method, { annotations }).class).toBe("forbidden");
    const harmless = new Map([["org.freedesktop.systemd1.Privileged", "false"]]);
    expect(classify(method, { annotations: harmless }).class).toBe("destructive");
  });
});

describe("properties through the generic methods", () => {
  it("are judged as what they are about", () => {
    const names = {
      interface_name: "org.freedesktop.systemd1.Manager",
      property_name: "LogTarget",
    };
    expect(classify(properties("Get", names)).class).toBe("observe");
    expect(classify(properties("Set", { ...names, value: "null" })).class).toBe("destructive");
    const watchdog = { ...names, property_name: "RuntimeWatchdogUSec", value: 1 };
    expect(classify(properties("Set", watchdog)).class).toBe("forbidden");
    const unnamed = { arg0: names.interface_name, arg1: "Environment" };
    expect(classify(properties("Get", unnamed)).class).toBe("sensitive");
  });

  it("are sensitive all at once where one of them is", () => {
    const all = (name: string) => classify(properties("GetAll", { interface_name: name })).class;
    expect(all("org.freedesktop.systemd1.Service")).toBe("sensitive");
    expect(all("org.freedesktop.systemd1.Unit")).toBe("observe");
    expect(all("")).toBe("sensitive");
  });

  it("are sensitive with all objects where one of them is", () => {
    const objects = {
      interface: "org.freedesktop.DBus.ObjectManager",
      member: "GetManagedObjects",
    };
    const all = (service: string) => classify(operation({ service, ...objects })).class;
    expect(all("org.freedesktop.ModemManager1")).toBe("sensitive");
    expect(all("org.freedesktop.UDisks2")).toBe("observe");
  });

  it("are not written where nobody can tell which", () => {
    expect(classify(properties("Set", {})).class).toBe("forbidden");
    expect(classify(properties("Set", { interface_name: "", property_name: "X" })).class).toBe(
      "forbidden",
    );
    expect(classify(properties("Get", {})).class).toBe("sensitive");
  });
});

describe("units", () => {
  it.each([
    { name: "poweroff.target", mode: "replace" },
    { name: "ctrl-alt-del.target", mode: "replace" },
    { name: "runlevel6.target", mode: "replace" },
    { name: "systemd-reboot.service", mode: "replace" },
    { name: "  Reboot.TARGET ", mode: "replace" },
    { name: "/usr/lib/systemd/system/halt.target", mode: "replace" },
    { name: "\\x70oweroff.target", mode: "replace" },
    { name: "poweroff.target\0.service", mode: "replace" },
    { name: "multi-user.target", mode: "isolate" },
    { arg0: "kexec.target", arg1: "replace" },
  ])("that end the system do not start: %j", (args) => {
    for (const member of ["StartUnit", "RestartUnit", "StopUnit", "StartUnitWithFlags"]) {
      expect(classify(operation({ member, args })).class).toBe("forbidden");
    }
  });

  it("that end the system are not found by their paths or aliases either", () => {
    for (const label of [
      "poweroff_2etarget",
      "poweroff_2Etarget",
      "_70_6f_77eroff_2etarget",
      "soft_2dreboot_2etarget",
      "poweroff_2etarget_00x",
    ]) {
      expect(classify(onUnit(label)).class).toBe("forbidden");
    }
    expect(classify({ ...onUnit("off_2etarget"), unitNames: ["poweroff.target"] }).class).toBe(
      "forbidden",
    );
    expect(classify(onUnit("nginx_2eservice")).class).toBe("change");
    expect(classify(onUnit("nginx_2eservice", { args: { mode: "isolate" } })).class).toBe(
      "forbidden",
    );
  });

  it("must be told: paths that hide them are refused", () => {
    for (const label of ["self", "0123456789abcdef0123456789abcdef", "x/y"]) {
      expect(classify(onUnit(label)).class).toBe("forbidden");
    }
    expect(classify(onUnit("self", { kind: "get", member: "ActiveState" })).class).toBe("observe");
  });

  it("that carry others do not stop as easily", () => {
    for (const name of ["system.slice", "dbus.socket", "sysinit.target", "user@1000.service"]) {
      expect(classify(operation({ member: "StopUnit", args: { name, mode: "fail" } })).class).toBe(
        "destructive",
      );
    }
    const flush = { name: "nginx.service", mode: "flush" };
    expect(classify(operation({ args: flush })).class).toBe("destructive");
  });

  it("that end the system may be looked at", () => {
    const look = operation({ member: "ListUnitsByNames", args: { names: ["reboot.target"] } });
    expect(classify(look).class).toBe("observe");
  });
});

const shutdown = fc.constantFrom(
  ...["poweroff", "reboot", "halt", "kexec", "rescue", "emergency", "shutdown", "exit"].map(
    (name) => `${name}.target`,
  ),
  "soft-reboot.target",
  "ctrl-alt-del.target",
  "systemd-poweroff.service",
);
const acting = fc.constantFrom("Start", "Stop", "Restart", "EnqueueJob", "TryRestart");

/** Any of the ways in which systemd reads a name out of a path. */
const spelled = shutdown.chain((name) =>
  fc
    .array(fc.constantFrom("plain", "lower", "upper"), {
      minLength: name.length,
      maxLength: name.length,
    })
    .map((ways) =>
      name
        .split("")
        .map((character, index) => {
          const hex = character.charCodeAt(0).toString(16);
          if (ways[index] === "plain" && /[a-z]/.test(character)) return character;
          return ways[index] === "upper" ? `_${hex.toUpperCase()}` : `_${hex}`;
        })
        .join(""),
    ),
);
const json = fc.jsonValue() as fc.Arbitrary<null>;
const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "org.freedesktop.systemd1",
    "org.freedesktop.systemd1.Manager",
    "org.freedesktop.DBus.Properties",
    "Set",
    "StartUnit",
    "__proto__",
    "constructor",
    ":1.2",
  ),
);

describe("whatever comes", () => {
  it("no spelling of a path starts a unit that ends the system", () => {
    fc.assert(
      fc.property(fc.tuple(spelled, acting), ([label, member]) => {
        expect(classify(onUnit(label, { member })).class).toBe("forbidden");
      }),
      runs,
    );
  });

  it("no place among the arguments hides such a unit", () => {
    fc.assert(
      fc.property(fc.tuple(shutdown, fc.string(), json), ([name, key, other]) => {
        const args = { [key]: [{ deep: [name] }], other };
        expect(classify(operation({ args })).class).toBe("forbidden");
      }),
      runs,
    );
  });

  it("there is a class", () => {
    fc.assert(
      fc.property(
        fc.tuple(
          anyText,
          anyText,
          anyText,
          fc.constantFrom("call", "get", "set", "listen"),
          anyText,
          json,
        ),
        ([service, name, member, kind, path, value]) => {
          const args = { interface_name: name, property_name: member, value };
          const judged = classify({ service, interface: name, member, kind, path, args, bus: "x" });
          expect(judged.reason).toMatch(/\.$/);
        },
      ),
      runs,
    );
  });

  it("annotations and arguments only make it graver", () => {
    fc.assert(
      fc.property(
        fc.tuple(anyText, anyText, fc.dictionary(fc.string(), fc.string()), json),
        ([name, member, notes, value]) => {
          const bare = {
            service: "org.freedesktop.systemd1",
            interface: name,
            member,
            kind: "call",
          } as const;
          const annotations = new Map(Object.entries(notes));
          const warned = new Map([["org.freedesktop.systemd1.Privileged", "true"]]);
          const plain = classify(bare).class;
          expect(isGraver(plain, classify(bare, { annotations }).class)).toBe(false);
          expect(isGraver(plain, classify(bare, { annotations: warned }).class)).toBe(false);
          if (name === "org.freedesktop.DBus.Properties") return;
          expect(isGraver(plain, classify({ ...bare, args: { name: value } }).class)).toBe(false);
        },
      ),
      runs,
    );
  });
});
