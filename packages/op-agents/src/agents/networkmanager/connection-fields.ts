import { isIP, isIPv4, isIPv6 } from "node:net";
import type { JsonObject } from "op-core";
import { choiceField, integerField, malformed, textField, textsField } from "../operation/field.ts";
import { interfaceNameOf } from "../network/network-fields.ts";
import { quote } from "../text/quote.ts";
import type { ConnectionChange, IpChange } from "./networkmanager-bus.ts";

const methods = ["unchanged", "auto", "manual", "disabled"] as const;

const device = textField("interface", "The interface it is for, such as eth0.", {
  fallback: undefined,
});
const autoconnect = choiceField("startsByItself", "Whether it comes up by itself.", [
  "unchanged",
  "yes",
  "no",
]);
const mtu = integerField("mtu", "The size of the largest packet; 0 for the usual one.", {
  least: 0,
  most: 65_535,
  fallback: undefined,
});
const ipv4 = choiceField("ipv4", "How it gets IPv4 addresses.", methods);
const ipv6 = choiceField("ipv6", "How it gets IPv6 addresses.", methods);
const addresses = textsField(
  "addresses",
  "Its addresses of both families with their prefixes, such as 192.0.2.5/24: they replace all it has of that family.",
  [],
);
const gateways = textsField("gateways", "The gateway of each family.", []);
const dns = textsField("dns", "DNS servers: they replace all it has of that family.", []);

/** What can be said of a connection. */
export const changeFields = [
  device,
  autoconnect,
  mtu,
  ipv4,
  ipv6,
  addresses,
  gateways,
  dns,
] as const;

/** Reads what is to be changed; throws where it contradicts itself. */
export function readChange(input: JsonObject): ConnectionChange {
  const starts = autoconnect.read(input);
  const name = interfaceNameOf(device.read(input));
  const size = mtu.read(input);
  const four = readIp(input, ipv4.read(input), isIPv4);
  const six = readIp(input, ipv6.read(input), isIPv6);
  return {
    ...(name === undefined ? {} : { interface: name }),
    ...(starts === "unchanged" ? {} : { startsByItself: starts === "yes" }),
    ...(size === undefined ? {} : { mtu: size }),
    ...(four === undefined ? {} : { ipv4: four }),
    ...(six === undefined ? {} : { ipv6: six }),
  };
}

function readIp(
  input: JsonObject,
  method: (typeof methods)[number],
  isOfFamily: (text: string) => boolean,
): IpChange | undefined {
  const own = addresses
    .read(input)
    .map(checkAddress)
    .filter((each) => isOfFamily(bare(each)));
  const gateway = gateways.read(input).map(checkPlain).find(isOfFamily);
  const servers = dns.read(input).map(checkPlain).filter(isOfFamily);
  // Addresses mean that they are set by hand.
  const chosen = method === "unchanged" && own.length > 0 ? "manual" : method;
  if (method === "manual" && own.length === 0) {
    throw malformed("manual needs addresses", "Give addresses such as 192.0.2.5/24.");
  }
  const change = {
    ...(chosen === "unchanged" ? {} : { method: chosen }),
    ...(own.length === 0 ? {} : { addresses: own }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(servers.length === 0 ? {} : { dns: servers }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

function bare(address: string): string {
  return address.split("/")[0] ?? "";
}

function checkAddress(text: string): string {
  const [address = "", prefix = "", more] = text.split("/");
  const most = isIPv4(address) ? 32 : 128;
  const isRight = isIP(address) !== 0 && /^\d{1,3}$/u.test(prefix) && Number(prefix) <= most;
  if (isRight && more === undefined && !address.includes("%")) return text;
  throw malformed(`${quote(text)} is no address with its prefix`, "They look like 192.0.2.5/24.");
}

function checkPlain(text: string): string {
  // An IPv4 address written into one of IPv6 has no words to be read.
  if (isIPv4(text) || (isIPv6(text) && !/[.%]/u.test(text))) return text;
  throw malformed(`${quote(text)} is no IP address`);
}
