import { randomUUID } from "node:crypto";
import type { JsonObject, JsonValue } from "op-core";
import { Variant, type DBusValue } from "op-dbus";
import { addressBytes, addressText } from "../dbus-dns/dns-server.ts";
import type { ConnectionDesired } from "./connection-desired.ts";

/** Settings of a connection as NetworkManager has them: properties by group, without secrets. */
export type ConnectionSettings = ReadonlyMap<string, ReadonlyMap<string, Variant>>;

const types: Readonly<Record<string, string>> = {
  ethernet: "802-3-ethernet",
  bridge: "bridge",
  vlan: "vlan",
};

/** The properties that people care for. */
export function toConnectionValue(settings: ConnectionSettings): JsonObject {
  const text = (group: string, name: string) => textOf(settings.get(group)?.get(name)?.value);
  const type = text("connection", "type");
  const known = Object.entries(types).find(([, full]) => full === type)?.[0] ?? type;
  const vlan = settings.get("vlan");
  return {
    type: known,
    interface: text("connection", "interface-name"),
    autoconnect: settings.get("connection")?.get("autoconnect")?.value !== false,
    ...(vlan === undefined
      ? {}
      : { vlan: { parent: text("vlan", "parent"), id: Number(vlan.get("id")?.value ?? 0) } }),
    ipv4: addressingOf(settings.get("ipv4")),
    ipv6: addressingOf(settings.get("ipv6")),
  };
}

/** Puts what is declared into settings; what is not mentioned stays. */
export function withDeclared(
  id: string,
  settings: ConnectionSettings,
  wanted: ConnectionDesired,
): ConnectionSettings {
  const groups = new Map([...settings].map(([name, group]) => [name, new Map(group)]));
  const group = (name: string) => {
    const found = groups.get(name) ?? new Map<string, Variant>();
    groups.set(name, found);
    return found;
  };
  const connection = group("connection").set("id", new Variant("s", id));
  if (!connection.has("uuid")) connection.set("uuid", new Variant("s", randomUUID()));
  const type = types[wanted.type ?? ""];
  if (type !== undefined) {
    connection.set("type", new Variant("s", type));
    group(type);
  }
  if (wanted.interface !== undefined) {
    connection.set("interface-name", new Variant("s", wanted.interface));
  }
  if (wanted.autoconnect !== undefined) {
    connection.set("autoconnect", new Variant("b", wanted.autoconnect));
  }
  if (wanted.vlan !== undefined) {
    group("vlan").set("parent", new Variant("s", wanted.vlan.parent));
    group("vlan").set("id", new Variant("u", wanted.vlan.id));
  }
  setAddressing(group("ipv4"), wanted.ipv4, 4);
  setAddressing(group("ipv6"), wanted.ipv6, 6);
  return groups;
}

function addressingOf(group: ReadonlyMap<string, Variant> | undefined): JsonObject {
  const addresses = listOf(group?.get("address-data")?.value).flatMap((entry) => {
    if (!(entry instanceof Map)) return [];
    const [address, prefix] = [plain(entry.get("address")), plain(entry.get("prefix"))];
    return [`${textOf(address)}/${Number(prefix)}`];
  });
  return {
    method: textOf(group?.get("method")?.value) || "auto",
    addresses,
    gateway: textOf(group?.get("gateway")?.value),
    dns: listOf(group?.get("dns")?.value).map((server) =>
      // The kernel's order of bytes, which is that of the machine.
      typeof server === "number" ? fourText(server) : addressText(bytesOf(server)),
    ),
  };
}

/** The old forms of lists go away: they stand beside the new ones, and the old addresses have the gateway in them. */
function setAddressing(
  group: Map<string, Variant>,
  wanted: ConnectionDesired["ipv4"],
  version: 4 | 6,
): void {
  if (group.has("address-data")) group.delete("addresses");
  if (group.has("route-data")) group.delete("routes");
  if (!group.has("method")) group.set("method", new Variant("s", "auto"));
  if (wanted?.method !== undefined) group.set("method", new Variant("s", wanted.method));
  if (wanted?.addresses !== undefined) {
    const entries = wanted.addresses.map((network) => {
      const [address = "", prefix = ""] = network.split("/");
      return new Map([
        ["address", new Variant("s", address)],
        ["prefix", new Variant("u", Number(prefix))],
      ]);
    });
    group.set("address-data", new Variant("aa{sv}", entries));
  }
  if (wanted?.gateway === "") group.delete("gateway");
  else if (wanted?.gateway !== undefined) group.set("gateway", new Variant("s", wanted.gateway));
  if (wanted?.dns !== undefined) {
    const servers = wanted.dns.map((text) => addressBytes(text) ?? new Uint8Array());
    const numbers = servers.map((bytes) => new DataView(bytes.buffer).getUint32(0, true));
    group.set("dns", version === 4 ? new Variant("au", numbers) : new Variant("aay", servers));
    group.delete("dns-data");
  }
}

function fourText(value: number): string {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255].join(".");
}

function plain(value: DBusValue | undefined): DBusValue | undefined {
  return value instanceof Variant ? value.value : value;
}

/** A property that is a text; empty when there is none. */
export function textOf(value: DBusValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function bytesOf(value: DBusValue): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function listOf(value: DBusValue | undefined): readonly DBusValue[] {
  return Array.isArray(value) ? value : [];
}

/** Writes declared addresses as NetworkManager gives them back. */
export function usualAddressing(wanted: ConnectionDesired["ipv4"]): JsonObject {
  const entries = Object.entries(wanted ?? {}).flatMap(
    ([name, value]): (readonly [string, JsonValue])[] => {
      if (value === undefined) return [];
      if (name === "method") return [[name, value]];
      return [[name, typeof value === "string" ? usual(value) : value.map(usual)]];
    },
  );
  return Object.fromEntries(entries);
}

function usual(text: string): string {
  const [address = "", prefix] = text.split("/");
  const bytes = addressBytes(address);
  const plainText = bytes === undefined ? address : addressText(bytes);
  return prefix === undefined ? plainText : `${plainText}/${Number(prefix)}`;
}
