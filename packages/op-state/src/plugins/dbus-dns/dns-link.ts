import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BusConnection } from "op-dbus";
import { codeOf } from "../files/open-folder.ts";
import { StateChangeError } from "../../state-error.ts";
import { formatDomain, readModes, type DnsDesired, type DnsSettings } from "./dns-desired.ts";
import { formatDnsServer, parseDnsServer } from "./dns-server.ts";
import { createResolved, createResolvedLink } from "./resolved.ts";

/** A network interface that names are looked up by. */
export interface DnsLink {
  readonly bus: BusConnection;
  readonly root: string;
  readonly name: string;
}

/** Reads what a link has; undefined when there is no such link. */
export async function readLink(
  link: DnsLink,
  signal: AbortSignal,
): Promise<DnsSettings | undefined> {
  const index = await indexOf(link);
  if (index === undefined) return undefined;
  const [path] = await createResolved(link.bus).call("GetLink", [index], { signal });
  const proxy = createResolvedLink(link.bus, path);
  const servers = await proxy.get("DNSEx", { signal });
  const domains = await proxy.get("Domains", { signal });
  return {
    servers: servers.map(formatDnsServer),
    domains: domains.map(([name, isRoute]) => formatDomain(name, isRoute)),
    defaultRoute: await proxy.get("DefaultRoute", { signal }),
    ...(await readModes((name) => proxy.get(name, { signal }))),
  };
}

/** Sets what is given of a link; throws when it has gone. */
export async function writeLink(
  link: DnsLink,
  settings: DnsDesired,
  signal: AbortSignal,
): Promise<void> {
  const index = await knownIndex(link);
  const manager = createResolved(link.bus);
  const { servers, domains, defaultRoute, llmnr, multicastDns, dnsOverTls, dnssec } = settings;
  const options = { signal };
  if (servers !== undefined) {
    const list = servers.flatMap((text) => {
      const server = parseDnsServer(text);
      return server === undefined ? [] : [server];
    });
    await manager.call("SetLinkDNSEx", [index, list], options);
  }
  if (domains !== undefined) {
    const list = domains.map((text) => [text.replace(/^~/u, ""), text.startsWith("~")] as const);
    await manager.call("SetLinkDomains", [index, list], options);
  }
  if (defaultRoute !== undefined) {
    await manager.call("SetLinkDefaultRoute", [index, defaultRoute], options);
  }
  if (llmnr !== undefined) await manager.call("SetLinkLLMNR", [index, llmnr], options);
  if (multicastDns !== undefined) {
    await manager.call("SetLinkMulticastDNS", [index, multicastDns], options);
  }
  if (dnsOverTls !== undefined)
    await manager.call("SetLinkDNSOverTLS", [index, dnsOverTls], options);
  if (dnssec !== undefined) await manager.call("SetLinkDNSSEC", [index, dnssec], options);
}

/** Takes everything away that was set of a link. */
export async function revertLink(link: DnsLink, signal: AbortSignal): Promise<void> {
  const index = await knownIndex(link);
  await createResolved(link.bus).call("RevertLink", [index], { signal });
}

async function knownIndex(link: DnsLink): Promise<number> {
  const index = await indexOf(link);
  if (index !== undefined) return index;
  throw new StateChangeError(`dns:link/${link.name}`, "there is no such link.");
}

async function indexOf({ root, name }: DnsLink): Promise<number | undefined> {
  try {
    return Number(await readFile(join(root, "sys/class/net", name, "ifindex"), "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
