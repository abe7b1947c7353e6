import type { CuratedText, InterfaceText, ServiceText } from "../curated-text.ts";

const where = {
  interface: "The number of the network interface; -1 for all.",
  protocol: "0 IPv4, 1 IPv6, -1 both.",
};
const flags = "0.";
const domain = '"local", or empty for the usual.';
const type = "Such as _ipp._tcp (printers), _ssh._tcp or _http._tcp.";

/** Both versions of the server name most things alike; the newer one starts searches by a second call. */
function server(suffix: "New" | "Prepare"): InterfaceText {
  const later = suffix === "New" ? "" : " Nothing is sought until Start.";
  const search = (text: string, rest: Readonly<Record<string, string>>): CuratedText => ({
    text: `${text}; answers come as signals of the object whose path it answers with.${later}`,
    arguments: { ...where, ...rest, flags },
  });
  return {
    text: "Names and services on the local network. It is at /.",
    members: {
      GetHostName: {
        text: "The name of this machine on the local network.",
        keywords: ["mdns name"],
      },
      GetHostNameFqdn: "The same with its domain, such as ada.local.",
      GetDomainName: "The domain, usually local.",
      GetVersionString: "The version of Avahi.",
      GetState: "0 invalid, 1 registering, 2 running, 3 name collision, 4 failure.",
      SetHostName: {
        text: "Sets the name on the local network until Avahi starts again.",
        arguments: { name: "The name, without a domain." },
      },
      ResolveHostName: {
        text: "The address of a host. It asks the local network.",
        arguments: { ...where, name: "Such as printer.local.", aprotocol: where.protocol, flags },
        keywords: ["address of a .local host"],
      },
      ResolveAddress: {
        text: "The name of an address. It asks the local network.",
        arguments: { ...where, address: "The address as text.", flags },
      },
      ResolveService: {
        text: "Where a service is: host, address, port and texts. It asks the local network.",
        arguments: {
          ...where,
          name: "The service's name.",
          type,
          domain,
          aprotocol: where.protocol,
          flags,
        },
        keywords: ["find a printer"],
      },
      [`ServiceBrowser${suffix}`]: {
        ...search("Looks for services of a type", { type, domain }),
        keywords: ["find printers", "find devices on the network", "zeroconf", "bonjour"],
      },
      [`ServiceTypeBrowser${suffix}`]: search("Looks for types of services", { domain }),
      [`DomainBrowser${suffix}`]: search("Looks for domains", { domain, btype: "0 for browsing." }),
      EntryGroupNew: "Makes an empty group of entries, to announce services of this machine by.",
      GetNetworkInterfaceNameByIndex: "The name of a network interface by its number.",
      GetNetworkInterfaceIndexByName: "The number of a network interface by its name.",
      StateChanged: "The state of the server changed, and why.",
    },
  };
}

const found =
  "Something was found: interface, protocol, name and further what the search is about. Other machines chose these texts.";

/** The local network. */
export const avahi: ServiceText = {
  services: ["org.freedesktop.Avahi"],
  text: "Avahi: services that machines on the local network announce, such as printers.",
  keywords: ["mdns", "zeroconf", "bonjour", "printers", "local network"],
  interfaces: {
    "org.freedesktop.Avahi.Server": server("New"),
    "org.freedesktop.Avahi.Server2": server("Prepare"),
    "org.freedesktop.Avahi.ServiceBrowser": {
      text: "A search for services of a type.",
      members: {
        Start: "Begins the search, where it was only prepared.",
        Free: "Ends the search.",
        ItemNew: found,
        ItemRemove: "Something is gone.",
        AllForNow: "Nothing more is likely to come.",
        Failure: "The search failed, and why.",
      },
    },
    "org.freedesktop.Avahi.EntryGroup": {
      text: "Services that this machine announces.",
      members: {
        AddService: {
          text: "Adds a service; nobody sees it before Commit.",
          arguments: {
            ...where,
            flags,
            name: "What people see.",
            type,
            domain,
            host: "Empty for this machine.",
            port: "The port.",
            txt: "Texts as bytes, such as path=/.",
          },
        },
        Commit: "Announces what was added.",
        Reset: "Takes back what was added.",
        Free: "Takes it back and removes the group.",
        GetState: "0 not announced, 1 registering, 2 announced, 3 name collision, 4 failure.",
        IsEmpty: "Whether nothing was added.",
      },
    },
  },
};
