import type { ServiceTable } from "../service-table.ts";

/** Name resolution. Whoever changes its servers decides where everything on the machine connects to. */
export const resolve1: ServiceTable = {
  services: ["org.freedesktop.resolve1"],
  interfaces: {
    "org.freedesktop.resolve1.Manager": {
      methods: {
        observe: "GetLink",
        sensitive: "ResolveAddress ResolveHostname ResolveRecord ResolveService",
        change: `FlushCaches RegisterService ResetServerFeatures ResetStatistics UnregisterService`,
        destructive: `RevertLink SetLinkDNS SetLinkDNSEx SetLinkDNSOverTLS SetLinkDNSSEC
          SetLinkDNSSECNegativeTrustAnchors SetLinkDefaultRoute SetLinkDomains SetLinkLLMNR SetLinkMulticastDNS`,
      },
      idempotent: `FlushCaches ResetServerFeatures ResetStatistics RevertLink SetLinkDNS SetLinkDNSEx SetLinkDNSOverTLS
        SetLinkDNSSEC SetLinkDNSSECNegativeTrustAnchors SetLinkDefaultRoute SetLinkDomains SetLinkLLMNR
        SetLinkMulticastDNS`,
      polkit: {
        "org.freedesktop.resolve1.set-dns-servers": "SetLinkDNS SetLinkDNSEx",
        "org.freedesktop.resolve1.set-domains": "SetLinkDomains",
        "org.freedesktop.resolve1.set-default-route": "SetLinkDefaultRoute",
        "org.freedesktop.resolve1.set-llmnr": "SetLinkLLMNR",
        "org.freedesktop.resolve1.set-mdns": "SetLinkMulticastDNS",
        "org.freedesktop.resolve1.set-dns-over-tls": "SetLinkDNSOverTLS",
        "org.freedesktop.resolve1.set-dnssec": "SetLinkDNSSEC",
        "org.freedesktop.resolve1.set-dnssec-negative-trust-anchors":
          "SetLinkDNSSECNegativeTrustAnchors",
        "org.freedesktop.resolve1.revert": "RevertLink",
        "org.freedesktop.resolve1.register-service": "RegisterService",
        "org.freedesktop.resolve1.unregister-service": "UnregisterService",
      },
    },
    "org.freedesktop.resolve1.Link": {
      methods: {
        destructive: `Revert SetDNS SetDNSEx SetDNSOverTLS SetDNSSEC SetDNSSECNegativeTrustAnchors SetDefaultRoute
          SetDomains SetLLMNR SetMulticastDNS`,
      },
      idempotent: `Revert SetDNS SetDNSEx SetDNSOverTLS SetDNSSEC SetDNSSECNegativeTrustAnchors SetDefaultRoute SetDomains
        SetLLMNR SetMulticastDNS`,
      polkit: {
        "org.freedesktop.resolve1.set-dns-servers": "SetDNS SetDNSEx",
        "org.freedesktop.resolve1.set-domains": "SetDomains",
        "org.freedesktop.resolve1.revert": "Revert",
      },
    },
  },
};

/** Network links as systemd configures them. */
export const network1: ServiceTable = {
  services: ["org.freedesktop.network1"],
  interfaces: {
    "org.freedesktop.network1.Manager": {
      methods: {
        observe: "Describe DescribeLink GetLinkByIndex GetLinkByName ListLinks",
        change: "Reload RenewLink",
        destructive: `ForceRenewLink ReconfigureLink RevertLinkDNS RevertLinkNTP SetLinkDNS SetLinkDNSEx
          SetLinkDNSOverTLS SetLinkDNSSEC SetLinkDNSSECNegativeTrustAnchors SetLinkDefaultRoute SetLinkDomains
          SetLinkLLMNR SetLinkMulticastDNS SetLinkNTP`,
      },
      idempotent: `Reload RenewLink RevertLinkDNS RevertLinkNTP SetLinkDNS SetLinkDNSEx SetLinkDNSOverTLS SetLinkDNSSEC
        SetLinkDNSSECNegativeTrustAnchors SetLinkDefaultRoute SetLinkDomains SetLinkLLMNR SetLinkMulticastDNS SetLinkNTP`,
      polkit: {
        "org.freedesktop.network1.reload": "Reload",
        "org.freedesktop.network1.renew": "RenewLink",
        "org.freedesktop.network1.forcerenew": "ForceRenewLink",
        "org.freedesktop.network1.reconfigure": "ReconfigureLink",
        "org.freedesktop.network1.set-dns-servers": "SetLinkDNS SetLinkDNSEx",
        "org.freedesktop.network1.set-ntp-servers": "SetLinkNTP",
        "org.freedesktop.network1.revert-dns": "RevertLinkDNS",
        "org.freedesktop.network1.revert-ntp": "RevertLinkNTP",
      },
    },
    "org.freedesktop.network1.Link": {
      methods: {
        observe: "Describe",
        change: "Renew",
        destructive: `ForceRenew Reconfigure RevertDNS RevertNTP SetDNS SetDNSEx SetDNSOverTLS SetDNSSEC
          SetDNSSECNegativeTrustAnchors SetDefaultRoute SetDomains SetLLMNR SetMulticastDNS SetNTP`,
      },
      idempotent: "Renew",
    },
    "org.freedesktop.network1.Network": {},
    "org.freedesktop.network1.DHCPServer": {},
  },
};
