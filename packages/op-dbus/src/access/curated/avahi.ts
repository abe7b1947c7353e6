import type { ServiceTable } from "../service-table.ts";

const reads = `GetAPIVersion GetAlternativeHostName GetAlternativeServiceName GetDomainName GetHostName GetHostNameFqdn
  GetLocalServiceCookie GetNetworkInterfaceIndexByName GetNetworkInterfaceNameByIndex GetState GetVersionString
  IsNSSSupportAvailable`;
const lookups = "ResolveAddress ResolveHostName ResolveService";
const query = { methods: { change: "Free Start" } } as const;

/** Services on the local network: what others announce and what this machine does. */
export const avahi: ServiceTable = {
  services: ["org.freedesktop.Avahi"],
  interfaces: {
    "org.freedesktop.Avahi.Server": {
      methods: {
        observe: reads,
        sensitive: lookups,
        change: `AddressResolverNew DomainBrowserNew EntryGroupNew HostNameResolverNew RecordBrowserNew ServiceBrowserNew
          ServiceResolverNew ServiceTypeBrowserNew SetHostName`,
      },
      idempotent: "SetHostName",
    },
    "org.freedesktop.Avahi.Server2": {
      methods: {
        observe: reads,
        sensitive: lookups,
        change: `AddressResolverPrepare DomainBrowserPrepare EntryGroupNew HostNameResolverPrepare RecordBrowserPrepare
          ServiceBrowserPrepare ServiceResolverPrepare ServiceTypeBrowserPrepare SetHostName`,
      },
      idempotent: "SetHostName",
    },
    "org.freedesktop.Avahi.EntryGroup": {
      methods: {
        observe: "GetState IsEmpty",
        change: `AddAddress AddRecord AddService AddServiceSubtype Commit Free Reset UpdateServiceTxt`,
      },
    },
    "org.freedesktop.Avahi.AddressResolver": query,
    "org.freedesktop.Avahi.DomainBrowser": query,
    "org.freedesktop.Avahi.HostNameResolver": query,
    "org.freedesktop.Avahi.RecordBrowser": query,
    "org.freedesktop.Avahi.ServiceBrowser": query,
    "org.freedesktop.Avahi.ServiceResolver": query,
    "org.freedesktop.Avahi.ServiceTypeBrowser": query,
  },
};
