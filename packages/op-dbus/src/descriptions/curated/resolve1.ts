import type { CuratedText, ServiceText } from "../curated-text.ts";

const ifindex = "The number of the network interface; 0 for all.";
const link = "The number of the network interface.";
const family = "0 for both, 2 for IPv4, 10 for IPv6.";
const flags = "0 unless you know better.";

const linkSetters = (of: string): Readonly<Record<string, string | CuratedText>> => ({
  [`Set${of}DNS`]: {
    text: "Sets the DNS servers of an interface, until it is configured anew.",
    arguments: {
      ...(of === "" ? {} : { ifindex: link }),
      addresses: "Pairs of the family (2 or 10) and the address as bytes.",
    },
    keywords: ["change dns servers"],
  },
  [`Set${of}Domains`]: {
    text: "Sets the search and routing domains of an interface.",
    arguments: {
      ...(of === "" ? {} : { ifindex: link }),
      domains: "Pairs of the domain and whether it only routes.",
    },
  },
  [`Set${of}DNSOverTLS`]: {
    text: "Sets whether questions of an interface are encrypted.",
    arguments: { ...(of === "" ? {} : { ifindex: link }), mode: '"yes", "no" or "opportunistic".' },
  },
  [`Set${of}DNSSEC`]: {
    text: "Sets whether answers of an interface are verified.",
    arguments: {
      ...(of === "" ? {} : { ifindex: link }),
      mode: '"yes", "no" or "allow-downgrade".',
    },
  },
});

/** Name resolution. */
export const resolve1: ServiceText = {
  services: ["org.freedesktop.resolve1"],
  text: "systemd-resolved: resolves names, and knows the DNS servers of each network interface.",
  keywords: ["resolvectl", "dns", "name resolution", "nameserver"],
  interfaces: {
    "org.freedesktop.resolve1.Manager": {
      text: "Resolves names and configures how. It is at /org/freedesktop/resolve1.",
      members: {
        ...linkSetters("Link"),
        ResolveHostname: {
          text: "The addresses of a host. It asks the network.",
          arguments: { ifindex, name: "The host.", family, flags },
          keywords: ["look up a host name", "ip address of a host", "dns lookup"],
        },
        ResolveAddress: {
          text: "The names of an address. It asks the network.",
          arguments: {
            ifindex,
            family: "2 for IPv4, 10 for IPv6.",
            address: "The address as 4 or 16 bytes.",
            flags,
          },
          keywords: ["reverse lookup"],
        },
        ResolveRecord: {
          text: "The records of a name. It asks the network.",
          arguments: {
            ifindex,
            name: "The name.",
            class: "1 for the internet.",
            type: "1 A, 28 AAAA, 15 MX, 16 TXT, 5 CNAME, 2 NS, 33 SRV.",
            flags,
          },
          keywords: ["mx record", "txt record"],
        },
        ResolveService: {
          text: "Where a service of a domain is. It asks the network.",
          arguments: {
            ifindex,
            name: "The service's own name, or empty.",
            type: "Such as _xmpp-server._tcp.",
            domain: "The domain.",
            family,
            flags,
          },
        },
        GetLink: { text: "The object path of a network interface.", arguments: { ifindex: link } },
        RevertLink: {
          text: "Undoes what was set for an interface by calls.",
          arguments: { ifindex: link },
        },
        FlushCaches: { text: "Forgets all answers.", keywords: ["flush the dns cache"] },
        ResetServerFeatures: "Forgets what the DNS servers can do, and finds out anew.",
        ResetStatistics: "Sets the statistics to zero.",
        DNS: {
          text: "All DNS servers: interface (0 for all), family, address.",
          keywords: ["which dns server"],
        },
        CurrentDNSServer: { text: "The DNS server in use.", keywords: ["which dns server"] },
        FallbackDNS: "DNS servers for when there are no others.",
        Domains: "Search and routing domains: interface, domain, whether it only routes.",
        DNSSEC: "Whether answers are verified.",
        DNSOverTLS: "Whether questions are encrypted.",
        LLMNR: "Whether names are resolved by LLMNR.",
        MulticastDNS: "Whether names are resolved by multicast DNS.",
        LLMNRHostname: "The name of this machine there.",
        CacheStatistics: "Answers in the cache, hits and misses.",
        TransactionStatistics: "Questions under way and in all.",
        ResolvConfMode: "What /etc/resolv.conf is: stub, uplink, static, missing or foreign.",
      },
    },
    "org.freedesktop.resolve1.Link": {
      text: "Name resolution over one network interface.",
      members: {
        ...linkSetters(""),
        Revert: "Undoes what was set by calls.",
        DNS: "The DNS servers: family and address.",
        CurrentDNSServer: "The DNS server in use.",
        Domains: "The domains: name and whether it only routes.",
        DefaultRoute: "Whether it is asked for names that belong to no domain.",
      },
    },
  },
};
