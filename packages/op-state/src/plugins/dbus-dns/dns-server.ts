/** A server as the service has it: kind of address, its bytes, a port or 0, and the name its certificate must have. */
export type DnsServer = readonly [family: number, address: Uint8Array, port: number, name: string];

const [ipv4, ipv6] = [2, 10];

/** How servers are written: `9.9.9.9`, `[2620:fe::fe]:853`, `9.9.9.9#dns.quad9.net`. */
export const dnsServerPattern: RegExp =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*|\[[0-9a-fA-F:.]+\](?::\d{1,5})?)(?:#[A-Za-z0-9.-]+)?$/;

/** Reads a server; undefined when there is no such address. */
export function parseDnsServer(text: string): DnsServer | undefined {
  const [place = "", name = ""] = text.split("#");
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<four>[\d.]+))(?::(?<port>\d+))?$/u.exec(place);
  const port = Number(match?.groups?.["port"] ?? 0);
  const four = match?.groups?.["four"];
  if (port > 65_535) return undefined;
  if (four !== undefined) {
    const bytes = four.split(".").map(Number);
    return bytes.every((byte) => byte < 256)
      ? [ipv4, Uint8Array.from(bytes), port, name]
      : undefined;
  }
  const host = hostOf(match?.groups?.["six"] ?? place);
  return host === undefined ? undefined : [ipv6, bytesOf(host), port, name];
}

/** Writes a server, always in the same way: the service takes the usual ports for none. */
export function formatDnsServer([family, address, given, name]: DnsServer): string {
  const port = [53, 853].includes(given) ? 0 : given;
  const plain = family === ipv4 ? [...address].join(".") : (hostOf(groupsOf(address)) ?? "");
  const isBracketed = family !== ipv4 && port !== 0;
  const place = isBracketed ? `[${plain}]` : plain;
  return `${place}${port === 0 ? "" : `:${port}`}${name === "" ? "" : `#${name}`}`;
}

/** Reads an address; undefined when it is none. */
export function addressBytes(text: string): Uint8Array | undefined {
  return parseDnsServer(text)?.[1];
}

/** Writes an address, always in the same way. */
export function addressText(address: Uint8Array): string {
  return formatDnsServer([address.length === 4 ? ipv4 : ipv6, address, 0, ""]);
}

/** An IPv6 address in its shortest form; undefined when it is none. */
function hostOf(text: string): string | undefined {
  const url = `http://[${text}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

function bytesOf(host: string): Uint8Array {
  const [head = "", tail] = host.split("::");
  const [first, last] = [wordsOf(head), wordsOf(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  const groups = [...first, ...zeros, ...last].map((word) => Number.parseInt(word, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function wordsOf(part: string | undefined): readonly string[] {
  return (part ?? "").split(":").filter((word) => word !== "");
}

function groupsOf(address: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address[index * 2] ?? 0) * 256 + (address[index * 2 + 1] ?? 0)).toString(16),
  );
  return groups.join(":");
}
