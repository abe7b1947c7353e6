import { defineInterface } from "../proxy/interface-shape.ts";

/** The name resolver. */
export const resolvedManager = defineInterface({
  name: "org.freedesktop.resolve1.Manager",
  methods: {
    ResolveHostname: {
      in: "isit",
      out: "a(iiay)st",
      inNames: ["ifindex", "name", "family", "flags"],
      outNames: ["addresses", "canonical", "flags"],
    },
    ResolveAddress: {
      in: "iiayt",
      out: "a(is)t",
      inNames: ["ifindex", "family", "address", "flags"],
      outNames: ["names", "flags"],
    },
    ResolveRecord: {
      in: "isqqt",
      out: "a(iqqay)t",
      inNames: ["ifindex", "name", "class", "type", "flags"],
      outNames: ["records", "flags"],
    },
    ResolveService: {
      in: "isssit",
      out: "a(qqqsa(iiay)s)aayssst",
      inNames: ["ifindex", "name", "type", "domain", "family", "flags"],
      outNames: [
        "srv_data",
        "txt_data",
        "canonical_name",
        "canonical_type",
        "canonical_domain",
        "flags",
      ],
    },
    GetLink: { in: "i", out: "o", inNames: ["ifindex"], outNames: ["path"] },
    SetLinkDNS: { in: "ia(iay)", out: "", inNames: ["ifindex", "addresses"] },
    SetLinkDomains: { in: "ia(sb)", out: "", inNames: ["ifindex", "domains"] },
    SetLinkDefaultRoute: { in: "ib", out: "", inNames: ["ifindex", "enable"] },
    RevertLink: { in: "i", out: "", inNames: ["ifindex"] },
    FlushCaches: { in: "", out: "" },
    ResetStatistics: { in: "", out: "" },
    ResetServerFeatures: { in: "", out: "" },
  },
  properties: {
    LLMNRHostname: { type: "s" },
    LLMNR: { type: "s", emits: "none" },
    MulticastDNS: { type: "s", emits: "none" },
    DNS: { type: "a(iiay)" },
    CurrentDNSServer: { type: "(iiay)" },
    FallbackDNS: { type: "a(iiay)", emits: "const" },
    Domains: { type: "a(isb)", emits: "none" },
    DNSSEC: { type: "s", emits: "none" },
    DNSOverTLS: { type: "s", emits: "none" },
    DNSSECSupported: { type: "b", emits: "none" },
    DNSStubListener: { type: "s", emits: "none" },
    ResolvConfMode: { type: "s", emits: "none" },
    CacheStatistics: { type: "(ttt)", emits: "none" },
    TransactionStatistics: { type: "(tt)", emits: "none" },
  },
  signals: {},
});
