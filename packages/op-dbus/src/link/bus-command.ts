import { InvalidAddressError } from "../dbus-error.ts";

/** A program whose standard input and output lead to a bus. It is run as it is, never by a shell. */
export interface BusCommand {
  /** A path, or a name that is looked up in PATH. */
  readonly file: string;
  readonly args: readonly string[];
}

/** The bus of another machine. */
export interface SshBusOptions {
  /** A name, an address, or an alias of ssh's own configuration. */
  readonly host: string;
  /** The system's bus unless told. */
  readonly bus?: "system" | "user";
  /** Who logs in; whom ssh chooses unless told. */
  readonly user?: string;
  readonly port?: number;
  /** How long reaching the machine may take; 5 seconds unless told. */
  readonly connectTimeoutSeconds?: number;
  /** The ssh program; the one in PATH unless told. */
  readonly ssh?: string;
}

const hostPattern = /^[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,254}$/;
const userPattern = /^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,63}\$?$/;

/**
 * The command that leads to the bus of another machine, as busctl does it: `ssh HOST systemd-stdio-bridge`. It asks
 * nobody for a password, gives up when the machine cannot be reached, and notices when it is gone. Throws
 * `ERR_DBUS_ADDRESS` for what is no host, user or port, so that none of them can become an option of ssh.
 */
export function sshBusCommand(options: SshBusOptions): BusCommand {
  const { host, bus = "system", user, port, connectTimeoutSeconds = 5, ssh = "ssh" } = options;
  if (!hostPattern.test(host)) throw new InvalidAddressError(host, "it is no name of a host");
  if (user !== undefined && !userPattern.test(user)) {
    throw new InvalidAddressError(user, "it is no name of a user");
  }
  if (port !== undefined && !isPort(port))
    throw new InvalidAddressError(`${port}`, "it is no port");
  const settings = {
    BatchMode: "yes",
    ConnectTimeout: Math.max(1, Math.ceil(connectTimeoutSeconds)),
    ServerAliveInterval: 15,
    ServerAliveCountMax: 3,
  };
  return {
    file: ssh,
    args: [
      "-xT",
      ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
      ...(user === undefined ? [] : ["-l", user]),
      ...(port === undefined ? [] : ["-p", String(port)]),
      "--",
      host,
      "systemd-stdio-bridge",
      ...(bus === "user" ? ["--user"] : []),
    ],
  };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
