import type { JsonObject, JsonValue } from "op-core";
import { z } from "zod";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { dnsServerPattern, formatDnsServer, parseDnsServer } from "./dns-server.ts";

const Server = z.string().regex(dnsServerPattern);
const Domain = z.string().regex(/^~?(?:\.|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?)$/);
const Reach = z.enum(["yes", "no", "resolve"]);

/** What can be declared of how names are looked up. What is left out is left as it is. */
export const DnsDesired = z.strictObject({
  servers: z.array(Server).optional().meta({
    description:
      "DNS servers in order: 9.9.9.9, 2620:fe::fe, with a port [2620:fe::fe]:853, with the name for TLS 9.9.9.9#dns.quad9.net.",
  }),
  domains: z.array(Domain).optional().meta({
    description:
      "Domains that are added to short names; with ~ before it, what these servers are asked for: ~corp.example, ~. for everything.",
  }),
  dnssec: z.enum(["yes", "no", "allow-downgrade"]).optional().meta({
    description: "Whether answers must be signed.",
  }),
  dnsOverTls: z.enum(["yes", "no", "opportunistic"]).optional().meta({
    description: "Whether questions are encrypted.",
  }),
  llmnr: Reach.optional().meta({ description: "Names without a server, by LLMNR." }),
  multicastDns: Reach.optional().meta({ description: "Names without a server, by mDNS: .local." }),
  defaultRoute: z.boolean().optional().meta({
    description: "Of a link: whether its servers are asked for what no domain leads elsewhere.",
  }),
});

/** What can be declared of how names are looked up. */
export type DnsDesired = z.output<typeof DnsDesired>;

/** How names are looked up now. */
export type DnsSettings = Required<Omit<DnsDesired, "defaultRoute">> & DnsDesired;

/** Reads a declaration that fits the schema, each server written in one way. */
export function parseDnsDesired(desired: JsonObject): DnsDesired {
  const { servers, domains, ...rest } = DnsDesired.parse(desired);
  return {
    ...rest,
    ...(servers === undefined ? {} : { servers: servers.map(usualServer) }),
    ...(domains === undefined ? {} : { domains: domains.map(usualDomain) }),
  };
}

/** The settings that are given, by name. */
export function entriesOf(settings: DnsDesired): readonly (readonly [string, JsonValue])[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}

/** The settings that are not as they are found. */
export function differences(
  wanted: DnsDesired,
  found: JsonObject | null,
): readonly (readonly [string, JsonValue])[] {
  return entriesOf(wanted).filter(
    ([name, value]) => fingerprintOf(value) !== fingerprintOf(found?.[name] ?? null),
  );
}

/** How a domain is written that the service gives. */
export function formatDomain(name: string, isRoute: boolean): string {
  return `${isRoute ? "~" : ""}${name}`;
}

const Modes = DnsDesired.pick({
  llmnr: true,
  multicastDns: true,
  dnsOverTls: true,
  dnssec: true,
}).required();

/** Reads what the service and its links have alike. */
export async function readModes(
  get: (name: "LLMNR" | "MulticastDNS" | "DNSOverTLS" | "DNSSEC") => Promise<string>,
): Promise<z.output<typeof Modes>> {
  return Modes.parse({
    llmnr: await get("LLMNR"),
    multicastDns: await get("MulticastDNS"),
    dnsOverTls: await get("DNSOverTLS"),
    dnssec: await get("DNSSEC"),
  });
}

/** What is wrong with a declaration although it fits the schema; undefined when nothing is. */
export function dnsContradiction(desired: DnsDesired, isGlobal: boolean): string | undefined {
  const wrong = (desired.servers ?? []).find((server) => parseDnsServer(server) === undefined);
  if (wrong !== undefined) return `${wrong} is no address.`;
  if (!isGlobal) return undefined;
  if (desired.defaultRoute !== undefined) return "only links have a default route.";
  return desired.servers?.length === 0
    ? "there is always a server: without one, those of /etc/resolv.conf are used."
    : undefined;
}

function usualServer(text: string): string {
  const server = parseDnsServer(text);
  return server === undefined ? text : formatDnsServer(server);
}

/** The dot at the end does not count, unless it is all there is; everything is always a route. */
function usualDomain(text: string): string {
  const name = text.replace(/^~/u, "");
  if (name === ".") return "~.";
  return `${text.startsWith("~") ? "~" : ""}${name.replace(/\.$/u, "").toLowerCase()}`;
}
