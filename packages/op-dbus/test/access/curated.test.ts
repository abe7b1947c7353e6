import { describe, expect, it } from "vitest";
import { accessClasses, classify, type AccessClass } from "../../src/access/index.ts";
import { serviceTables } from "../../src/access/curated/tables.ts";
import { namesIn, type ClassedNames } from "../../src/access/service-table.ts";
import { realInterfaces, serviceOf } from "../fixtures/real-interfaces.ts";

const tables = serviceTables.flatMap(({ interfaces }) => Object.entries(interfaces));
const real = new Map(realInterfaces.map((one) => [one.name, one]));

/** What services have got since, or have where they are built otherwise. */
const newer = new Map<string, readonly string[]>([
  [
    "org.freedesktop.systemd1.Manager",
    `DisableUnitFilesWithFlagsAndInstallInfo DumpUnitFileDescriptorStore KillUnitSubgroup QueueSignalUnit
     RemoveSubgroupFromUnit SoftReboot StartAuxiliaryScope`.split(/\s+/),
  ],
  ["org.freedesktop.systemd1.Unit", ["KillSubgroup", "QueueSignal"]],
  ["org.freedesktop.systemd1.Service", ["DumpFileDescriptorStore", "RemoveSubgroup"]],
  ["org.freedesktop.systemd1.Mount", ["RemoveSubgroup"]],
  ["org.freedesktop.systemd1.Socket", ["RemoveSubgroup"]],
  ["org.freedesktop.systemd1.Swap", ["RemoveSubgroup"]],
  ["org.freedesktop.systemd1.Slice", ["RemoveSubgroup"]],
  ["org.freedesktop.systemd1.Scope", ["RemoveSubgroup"]],
  [
    "org.freedesktop.login1.Manager",
    ["CanSleep", "CreateSessionWithPIDFD", "ListSessionsEx", "Sleep"],
  ],
  ["org.freedesktop.login1.Session", ["SetClass", "SetTTY"]],
  ["org.freedesktop.hostname1", ["BootID", "MachineID"]],
  ["org.freedesktop.UPower.Device", ["EnableChargeThreshold"]],
  ["org.freedesktop.DBus.Verbose", ["EnableVerbose", "DisableVerbose"]],
]);

function membersOf(names: ClassedNames | undefined): readonly string[] {
  return accessClasses.flatMap((one) => namesIn(names?.[one]));
}

function missing(name: string, names: readonly string[], existing: readonly string[]) {
  const known = new Set([...existing, ...(newer.get(name) ?? [])]);
  return names.filter((one) => !known.has(one)).map((one) => `${name}.${one}`);
}

describe("the tables", () => {
  it("name members that exist", () => {
    const wrong = tables.flatMap(([name, table]) => {
      const one = real.get(name);
      if (one === undefined) return [];
      const methods = [...membersOf(table.methods), ...namesIn(table.idempotent)];
      const writes = membersOf(table.writable);
      const polkit = Object.values(table.polkit ?? {}).flatMap(namesIn);
      return [
        ...missing(name, methods, one.methods),
        ...missing(name, writes, one.writes),
        ...missing(name, namesIn(table.secret), one.reads),
        ...missing(name, polkit, [...one.methods, ...one.writes]),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it("say one thing of a member, and have one table for an interface", () => {
    const names = tables.map(([name]) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const twice = tables.flatMap(([name, { methods, writable }]) =>
      [membersOf(methods), membersOf(writable)].flatMap((members) =>
        members
          .filter((member, index) => members.indexOf(member) !== index)
          .map((member) => `${name}.${member}`),
      ),
    );
    expect(twice).toEqual([]);
  });

  it("cover every method and every writable property of real services", () => {
    const uncovered = realInterfaces.flatMap(({ name, methods, writes }) => {
      const service = serviceOf(name);
      const judge = (member: string, kind: "call" | "set") =>
        classify({ service, interface: name, member, kind }).isCurated ? [] : [`${name}.${member}`];
      return [
        ...methods.flatMap((member) => judge(member, "call")),
        ...writes.flatMap((member) => judge(member, "set")),
      ];
    });
    expect(uncovered).toEqual([]);
  });

  it("forbid what services mark as the administrator's alone", () => {
    const open = realInterfaces.flatMap(({ name, privileged }) =>
      privileged.filter((member) => {
        const service = serviceOf(name);
        return classify({ service, interface: name, member, kind: "call" }).class !== "forbidden";
      }),
    );
    expect(open).toEqual([]);
  });

  it("have so many members of each class", () => {
    const counted = (kind: "call" | "set" | "get" | "listen") => {
      const counts: Record<AccessClass, number> = {
        observe: 0,
        sensitive: 0,
        change: 0,
        destructive: 0,
        forbidden: 0,
      };
      for (const { name, methods, reads, writes, signals } of realInterfaces) {
        const members = { call: methods, get: reads, set: writes, listen: signals }[kind];
        for (const member of members) {
          counts[classify({ service: serviceOf(name), interface: name, member, kind }).class] += 1;
        }
      }
      return counts;
    };
    expect({
      call: counted("call"),
      get: counted("get"),
      set: counted("set"),
      listen: counted("listen"),
    }).toMatchInlineSnapshot(`
      {
        "call": {
          "change": 168,
          "destructive": 193,
          "forbidden": 227,
          "observe": 193,
          "sensitive": 44,
        },
        "get": {
          "change": 0,
          "destructive": 0,
          "forbidden": 0,
          "observe": 2423,
          "sensitive": 44,
        },
        "listen": {
          "change": 0,
          "destructive": 0,
          "forbidden": 0,
          "observe": 141,
          "sensitive": 1,
        },
        "set": {
          "change": 10,
          "destructive": 9,
          "forbidden": 7,
          "observe": 0,
          "sensitive": 0,
        },
      }
    `);
  });

  it("hide properties that hold secrets", () => {
    const hidden = realInterfaces.flatMap(({ name, reads }) =>
      reads
        .filter(
          (member) =>
            classify({ service: serviceOf(name), interface: name, member, kind: "get" }).class ===
            "sensitive",
        )
        .map((member) => `${name.replace("org.freedesktop.", "")}.${member}`),
    );
    expect(hidden).toMatchInlineSnapshot(`
      [
        "Accounts.User.Email",
        "Accounts.User.LoginHistory",
        "Accounts.User.PasswordHint",
        "Accounts.User.PasswordMode",
        "ModemManager1.Call.Number",
        "ModemManager1.Modem.DeviceIdentifier",
        "ModemManager1.Modem.EquipmentIdentifier",
        "ModemManager1.Modem.OwnNumbers",
        "ModemManager1.Modem.Location.Location",
        "ModemManager1.Modem.Modem3gpp.Imei",
        "ModemManager1.Modem.ModemCdma.Esn",
        "ModemManager1.Modem.ModemCdma.Meid",
        "ModemManager1.Sim.Eid",
        "ModemManager1.Sim.Imsi",
        "ModemManager1.Sim.SimIdentifier",
        "ModemManager1.Sms.Data",
        "ModemManager1.Sms.Number",
        "ModemManager1.Sms.Text",
        "systemd1.Manager.Environment",
        "systemd1.Mount.Environment",
        "systemd1.Mount.LoadCredential",
        "systemd1.Mount.LoadCredentialEncrypted",
        "systemd1.Mount.SetCredential",
        "systemd1.Mount.SetCredentialEncrypted",
        "systemd1.Mount.StandardInputData",
        "systemd1.Service.Environment",
        "systemd1.Service.LoadCredential",
        "systemd1.Service.LoadCredentialEncrypted",
        "systemd1.Service.SetCredential",
        "systemd1.Service.SetCredentialEncrypted",
        "systemd1.Service.StandardInputData",
        "systemd1.Socket.Environment",
        "systemd1.Socket.LoadCredential",
        "systemd1.Socket.LoadCredentialEncrypted",
        "systemd1.Socket.PassCredentials",
        "systemd1.Socket.SetCredential",
        "systemd1.Socket.SetCredentialEncrypted",
        "systemd1.Socket.StandardInputData",
        "systemd1.Swap.Environment",
        "systemd1.Swap.LoadCredential",
        "systemd1.Swap.LoadCredentialEncrypted",
        "systemd1.Swap.SetCredential",
        "systemd1.Swap.SetCredentialEncrypted",
        "systemd1.Swap.StandardInputData",
      ]
    `);
  });
});
