import { join } from "node:path";
import type { BusConnection } from "op-dbus";
import { createSystemdManager } from "op-dbus/systemd";
import type { ApplyStepOptions, StatePlugin } from "../../plugin/state-plugin.ts";
import { StateChangeError } from "../../state-error.ts";
import { createUnitBus } from "../dbus-units/unit-bus.ts";
import { readIfThere } from "../files/read-if-there.ts";
import {
  differences,
  entriesOf,
  formatDomain,
  readModes,
  type DnsDesired,
  type DnsSettings,
} from "./dns-desired.ts";
import { formatDnsServer } from "./dns-server.ts";
import { createResolved } from "./resolved.ts";

/** The machine whose settings are meant. */
export interface DnsMachine {
  readonly bus: BusConnection;
  readonly root: string;
  readonly files: StatePlugin;
}

const folder = "/etc/systemd/resolved.conf.d";
const file = `${folder}/90-op-state.conf`;

/** The files that settings of the whole machine are written in. */
export const globalFiles: readonly string[] = [folder, file];

/** Reads what counts where no link says otherwise. */
export async function readGlobal(bus: BusConnection, signal: AbortSignal): Promise<DnsSettings> {
  const proxy = createResolved(bus);
  const servers = await proxy.get("DNSEx", { signal });
  const domains = await proxy.get("Domains", { signal });
  return {
    servers: servers.flatMap(([link, ...server]) => (link === 0 ? [formatDnsServer(server)] : [])),
    domains: domains.flatMap(([link, name, isRoute]) =>
      link === 0 ? [formatDomain(name, isRoute)] : [],
    ),
    ...(await readModes((name) => proxy.get(name, { signal }))),
  };
}

const names = {
  servers: "DNS",
  domains: "Domains",
  llmnr: "LLMNR",
  multicastDns: "MulticastDNS",
  dnsOverTls: "DNSOverTLS",
  dnssec: "DNSSEC",
} as const;

/** Writes the settings that are given into a file of their own, beside those it has, and lets the service read it. */
export async function writeGlobal(
  machine: DnsMachine,
  settings: DnsDesired,
  options: ApplyStepOptions,
): Promise<void> {
  const { root, files } = machine;
  const old = sectionOf(await readIfThere(join(root, file)));
  const given = Object.entries(names).flatMap(([name, key]) => {
    const value = Object.entries(settings).find(([other]) => other === name)?.[1];
    if (value === undefined || typeof value === "boolean") return [];
    return [[key, typeof value === "string" ? value : value.join(" ")] as const];
  });
  const section = new Map([...old, ...given]);
  const lines = [...section].flatMap(([key, value]) =>
    // Lists are added to those of other files, unless they are emptied first.
    ["DNS", "Domains"].includes(key) ? [`${key}=`, `${key}=${value}`] : [`${key}=${value}`],
  );
  const desired = [
    { key: folder, desired: { type: "directory" } },
    { key: file, desired: { content: `[Resolve]\n${lines.join("\n")}\n` } },
  ];
  const current = await files.query(globalFiles, options);
  for (const change of await files.diff(desired, current, options)) {
    await files.apply(change, options);
  }
  await restartResolved(machine.bus, options.signal);
  await checkEffect(machine.bus, settings, options.signal);
}

/** Lets the service read its files; what links have stays. */
export async function restartResolved(bus: BusConnection, signal: AbortSignal): Promise<void> {
  const unit = "systemd-resolved.service";
  // systemd takes restarts that come quickly for a service that fails again and again.
  await createSystemdManager(bus).call("ResetFailedUnit", [unit], { signal });
  await createUnitBus(bus).run("RestartUnit", unit, signal);
}

function sectionOf(text: string): Map<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [, key, value] = /^(?<key>[A-Za-z]+)=(?<value>.*)$/u.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
}

async function checkEffect(
  bus: BusConnection,
  wanted: DnsDesired,
  signal: AbortSignal,
): Promise<void> {
  const found = Object.fromEntries(entriesOf(await readGlobal(bus, signal)));
  const without = differences(wanted, found);
  if (without.length === 0) return;
  const list = without.map(([name]) => name).join(", ");
  throw new StateChangeError("dns:global", `another file decides about ${list}.`, {
    advice: "Look at /etc/systemd/resolved.conf.d for a file that comes after 90-op-state.conf.",
  });
}
