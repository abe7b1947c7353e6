import { InvalidAddressError } from "../dbus-error.ts";
import type { BusCommand } from "./bus-command.ts";

/** One way to reach a bus. */
export type BusAddress = UnixAddress | TcpAddress | CommandAddress | UnsupportedAddress;

interface AddressFacts {
  /** The address as it was written. */
  readonly text: string;
  /** The identity the bus has to show, when the address names one. */
  readonly guid: string | undefined;
}

/** A Unix socket; the path of an abstract one begins with NUL. */
export interface UnixAddress extends AddressFacts {
  readonly transport: "unix";
  readonly path: string;
}

/** A TCP socket; with `nonceFile`, that file's contents have to be sent first. */
export interface TcpAddress extends AddressFacts {
  readonly transport: "tcp";
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6 | undefined;
  readonly nonceFile: string | undefined;
}

/** A command that leads to a bus. */
export interface CommandAddress extends AddressFacts {
  readonly transport: "command";
  readonly command: BusCommand;
}

/** A transport this package does not have; in a list of addresses the next one is tried. */
export interface UnsupportedAddress extends AddressFacts {
  readonly transport: "unsupported";
  readonly problem: string;
}

/** Where the system bus is unless the environment says otherwise. */
export const defaultSystemBusAddress = "unix:path=/run/dbus/system_bus_socket";

/** Reads a list of addresses, separated by semicolons, to be tried in order; throws `ERR_DBUS_ADDRESS`. */
export function parseBusAddresses(text: string): readonly BusAddress[] {
  const parts = text.split(";").filter((part) => part !== "");
  if (parts.length === 0) throw new InvalidAddressError(text, "it is empty");
  return parts.map(parseBusAddress);
}

/** The address of a bus that a command leads to. */
export function toCommandAddress(command: BusCommand): CommandAddress {
  const text = [command.file, ...command.args].join(" ");
  return { transport: "command", command, text, guid: undefined };
}

function parseBusAddress(text: string): BusAddress {
  const colon = text.indexOf(":");
  if (colon < 1)
    throw new InvalidAddressError(text, "it does not begin with a transport and a colon");
  const transport = text.slice(0, colon);
  const keys = parseKeys(text, text.slice(colon + 1));
  const facts = { text, guid: keys.get("guid") };
  switch (transport) {
    case "unix":
      return parseUnix(keys, facts);
    case "tcp":
    case "nonce-tcp":
      return parseTcp(keys, facts, transport);
    default:
      return unsupported(facts, `the transport ${transport} is not supported`);
  }
}

function parseKeys(address: string, text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const pair of text.split(",")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 1)
      throw new InvalidAddressError(address, `${JSON.stringify(pair)} is no key=value`);
    const key = pair.slice(0, equals);
    if (keys.has(key)) throw new InvalidAddressError(address, `it has the key ${key} twice`);
    keys.set(key, unescape(address, pair.slice(equals + 1)));
  }
  return keys;
}

/** The specification escapes bytes, not characters. */
function unescape(address: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new InvalidAddressError(address, `${JSON.stringify(value)} is not escaped correctly`);
  }
}

function parseUnix(keys: ReadonlyMap<string, string>, facts: AddressFacts): BusAddress {
  const path = keys.get("path");
  const abstract = keys.get("abstract");
  if (path !== undefined && abstract !== undefined) {
    throw new InvalidAddressError(facts.text, "it has both a path and an abstract name");
  }
  if (path !== undefined) return { transport: "unix", path, ...facts };
  if (abstract !== undefined) return { transport: "unix", path: `\0${abstract}`, ...facts };
  return unsupported(facts, "it names neither a path nor an abstract socket");
}

function parseTcp(
  keys: ReadonlyMap<string, string>,
  facts: AddressFacts,
  transport: "tcp" | "nonce-tcp",
): BusAddress {
  const port = Number(keys.get("port"));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidAddressError(facts.text, "it has no valid port");
  }
  const nonceFile = transport === "nonce-tcp" ? keys.get("noncefile") : undefined;
  if (transport === "nonce-tcp" && nonceFile === undefined) {
    throw new InvalidAddressError(facts.text, "it has no noncefile");
  }
  const host = keys.get("host") ?? "localhost";
  const family = parseFamily(keys.get("family"), facts);
  return { transport: "tcp", host, port, family, nonceFile, ...facts };
}

function parseFamily(family: string | undefined, { text }: AddressFacts): 4 | 6 | undefined {
  if (family === undefined) return undefined;
  if (family === "ipv4") return 4;
  if (family === "ipv6") return 6;
  throw new InvalidAddressError(text, `the family ${JSON.stringify(family)} is unknown`);
}

function unsupported(facts: AddressFacts, problem: string): UnsupportedAddress {
  return { transport: "unsupported", problem, ...facts };
}
