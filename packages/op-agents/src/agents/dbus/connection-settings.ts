import { isIPv4 } from "node:net";
import { Variant } from "op-dbus";
import type { ConnectionChange, IpChange, StoredIp } from "../networkmanager/networkmanager-bus.ts";
import { cleanText } from "../text/clean-text.ts";

/** Settings of a connection, as NetworkManager gives and takes them: by section and name. */
export type Settings = ReadonlyMap<string, ReadonlyMap<string, Variant>>;

/** The text of a setting; empty where there is none. */
export function settingText(settings: Settings, section: string, name: string): string {
  const value = settings.get(section)?.get(name)?.value;
  return typeof value === "string" ? cleanText(value) : "";
}

/** What is stored of one family of addresses. */
export function storedIp(settings: Settings, section: "ipv4" | "ipv6"): StoredIp {
  const data = settings.get(section)?.get("address-data")?.value;
  const addresses = Array.isArray(data) ? data : [];
  return {
    method: settingText(settings, section, "method"),
    addresses: addresses.flatMap((each: unknown) => {
      if (!(each instanceof Map)) return [];
      const [address, prefix] = [plainOf(each.get("address")), plainOf(each.get("prefix"))];
      return typeof address === "string" ? [`${cleanText(address)}/${String(prefix)}`] : [];
    }),
    gateway: settingText(settings, section, "gateway"),
  };
}

function plainOf(value: unknown): unknown {
  return value instanceof Variant ? value.value : value;
}

/** The settings of a wired connection that did not exist. */
export function newSettings(change: ConnectionChange): Settings {
  const connection = new Map([["type", new Variant("s", "802-3-ethernet")]]);
  const none: Settings = new Map([
    ["connection", connection],
    ["802-3-ethernet", new Map<string, Variant>()],
    ["ipv4", new Map([["method", new Variant("s", "auto")]])],
    ["ipv6", new Map([["method", new Variant("s", "auto")]])],
  ]);
  return withChange(none, change);
}

/** The settings with what is changed; everything else stays as it is. */
export function withChange(settings: Settings, change: ConnectionChange): Settings {
  const { name, interface: device, startsByItself, mtu, ipv4, ipv6 } = change;
  const changed = new Map([...settings].map(([section, values]) => [section, new Map(values)]));
  const set = (section: string, key: string, value: Variant) => {
    const values = changed.get(section) ?? new Map<string, Variant>();
    changed.set(section, values.set(key, value));
  };
  if (name !== undefined) set("connection", "id", new Variant("s", name));
  if (device !== undefined) set("connection", "interface-name", new Variant("s", device));
  if (startsByItself !== undefined) {
    set("connection", "autoconnect", new Variant("b", startsByItself));
  }
  if (mtu !== undefined) set("802-3-ethernet", "mtu", new Variant("u", mtu));
  for (const [section, ip] of Object.entries({ ipv4, ipv6 })) {
    const values = changed.get(section) ?? new Map<string, Variant>();
    // These say the same in a form that would count for more.
    for (const old of ["addresses", "routes", "dns-data"]) values.delete(old);
    if (ip !== undefined) changed.set(section, changeIp(values, ip));
  }
  return changed;
}

function changeIp(values: Map<string, Variant>, change: IpChange): Map<string, Variant> {
  const { method, addresses, gateway, dns } = change;
  if (method !== undefined) values.set("method", new Variant("s", method));
  // What was set by hand contradicts every other way.
  if (method !== undefined && method !== "manual") {
    values.delete("address-data");
    values.delete("gateway");
  }
  if (method === "disabled") {
    for (const name of ["dns", "dns-search", "dns-options"]) values.delete(name);
  }
  if (addresses !== undefined) {
    values.set("address-data", new Variant("aa{sv}", addresses.map(toAddressData)));
  }
  if (gateway !== undefined) {
    if (gateway === "") values.delete("gateway");
    else values.set("gateway", new Variant("s", gateway));
  }
  if (dns !== undefined) {
    const isFour = dns.every((each) => isIPv4(each));
    values.set(
      "dns",
      isFour ? new Variant("au", dns.map(toNumber)) : new Variant("aay", dns.map(toBytes)),
    );
  }
  return values;
}

function toAddressData(text: string): ReadonlyMap<string, Variant> {
  const [address = "", prefix = ""] = text.split("/");
  return new Map([
    ["address", new Variant("s", address)],
    ["prefix", new Variant("u", Number(prefix))],
  ]);
}

/** The bytes of an address as they are sent, read as a number of this machine. */
function toNumber(address: string): number {
  const bytes = Uint8Array.from(address.split("."), Number);
  return new Uint32Array(bytes.buffer)[0] ?? 0;
}

/** The bytes of an address of version 6. */
function toBytes(address: string): Uint8Array {
  const [head = "", tail] = address.split("::");
  const [before, after] = [wordsOf(head), wordsOf(tail ?? "")];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  return Uint8Array.from(
    all.flatMap((word) => {
      const value = Number.parseInt(word, 16);
      return [value >> 8, value & 255];
    }),
  );
}

function wordsOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(":");
}
