import { createProxy, defineInterface, type BusConnection, type Proxy } from "op-dbus";
import { isServiceRunning } from "../dbus-settings/is-service-running.ts";

/** Looks names up for the machine. */
const resolvedManager = defineInterface({
  name: "org.freedesktop.resolve1.Manager",
  methods: {
    GetLink: { in: "i", out: "o" },
    SetLinkDNSEx: { in: "ia(iayqs)", out: "" },
    SetLinkDomains: { in: "ia(sb)", out: "" },
    SetLinkDefaultRoute: { in: "ib", out: "" },
    SetLinkLLMNR: { in: "is", out: "" },
    SetLinkMulticastDNS: { in: "is", out: "" },
    SetLinkDNSOverTLS: { in: "is", out: "" },
    SetLinkDNSSEC: { in: "is", out: "" },
    RevertLink: { in: "i", out: "" },
  },
  properties: {
    DNSEx: { type: "a(iiayqs)" },
    Domains: { type: "a(isb)" },
    LLMNR: { type: "s" },
    MulticastDNS: { type: "s" },
    DNSOverTLS: { type: "s" },
    DNSSEC: { type: "s" },
  },
  signals: {},
});

/** How names are looked up by one network interface. */
const resolvedLink = defineInterface({
  name: "org.freedesktop.resolve1.Link",
  methods: {},
  properties: {
    DNSEx: { type: "a(iayqs)" },
    Domains: { type: "a(sb)" },
    DefaultRoute: { type: "b" },
    LLMNR: { type: "s" },
    MulticastDNS: { type: "s" },
    DNSOverTLS: { type: "s" },
    DNSSEC: { type: "s" },
  },
  signals: {},
});

const destination = "org.freedesktop.resolve1";

/** The service as a whole. */
export function createResolved(bus: BusConnection): Proxy<typeof resolvedManager> {
  return createProxy(bus, resolvedManager, { destination, path: "/org/freedesktop/resolve1" });
}

/** One of its links, by its object's path. */
export function createResolvedLink(bus: BusConnection, path: string): Proxy<typeof resolvedLink> {
  return createProxy(bus, resolvedLink, { destination, path });
}

/** Whether the service runs; asking does not start it. */
export function isResolvedRunning(bus: BusConnection, signal: AbortSignal): Promise<boolean> {
  return isServiceRunning(bus, destination, signal);
}
