import { ListenerInvalidError } from "../hosting-error.ts";

/** Where to listen, as configured. */
export type ListenerSpec =
  | {
      readonly kind: "tcp";
      readonly text: string;
      readonly host: string;
      readonly port: number;
      readonly isTls: boolean;
    }
  | {
      readonly kind: "unix";
      readonly text: string;
      readonly path: string;
      /** The one who may connect, by name or number; the user op-mcp runs as unless told. */
      readonly user?: string;
      /** Who else may connect. Nobody is known by the socket then. */
      readonly shared?: { readonly mode: number; readonly group?: string };
    }
  | {
      readonly kind: "systemd";
      readonly text: string;
      /** The `FileDescriptorName=` of the sockets; all of them unless told. */
      readonly name?: string;
      readonly isTls: boolean;
    };

/** Reads an entry of `serve.listeners`. Throws `ERR_LISTENER_INVALID`. */
export function parseListener(text: string): ListenerSpec {
  const colon = text.indexOf(":");
  const scheme = text.slice(0, Math.max(0, colon));
  const rest = text.slice(colon + 1);
  switch (scheme) {
    case "http":
    case "https":
      return parseTcp(text, scheme === "https");
    case "unix":
      return parseUnix(text, rest);
    case "systemd":
    case "systemd+https": {
      const isTls = scheme === "systemd+https";
      return { kind: "systemd", text, isTls, ...(rest === "" ? {} : { name: rest }) };
    }
    default:
      throw new ListenerInvalidError(text, "it begins with none of http:, https:, unix:, systemd:");
  }
}

function parseTcp(text: string, isTls: boolean): ListenerSpec {
  const groups = /^https?:\/\/(?<host>\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+):(?<port>\d{1,5})\/?$/iu.exec(
    text,
  )?.groups;
  const host = groups?.["host"];
  const port = Number(groups?.["port"]);
  if (host === undefined || port > 65_535) {
    throw new ListenerInvalidError(text, "it is not a host and a port, and nothing else");
  }
  return { kind: "tcp", text, host: host.replace(/^\[(.+)\]$/u, "$1"), port, isTls };
}

function parseUnix(text: string, rest: string): ListenerSpec {
  const [path = "", query = ""] = rest.replace(/^\/\/(?=\/)/u, "").split("?");
  if (!path.startsWith("/") || path.endsWith("/") || path.includes("\0")) {
    throw new ListenerInvalidError(text, "the path is not absolute");
  }
  // The kernel's limit, with room for the directory in which a socket is made.
  if (Buffer.byteLength(path) > 90) throw new ListenerInvalidError(text, "the path is too long");
  const settings = new URLSearchParams(query);
  const unknown = settings.keys().find((name) => !["user", "mode", "group"].includes(name));
  if (unknown !== undefined) throw new ListenerInvalidError(text, `it knows no ${unknown}`);
  const user = settings.get("user") ?? undefined;
  const shared = parseShared(text, settings);
  return {
    kind: "unix",
    text,
    path,
    ...(user === undefined ? {} : { user }),
    ...(shared === undefined ? {} : { shared }),
  };
}

function parseShared(
  text: string,
  settings: URLSearchParams,
): { readonly mode: number; readonly group?: string } | undefined {
  const group = settings.get("group") ?? undefined;
  const mode = settings.get("mode") ?? (group === undefined ? undefined : "0660");
  if (mode === undefined) return undefined;
  if (!/^0?[0-7]{3}$/u.test(mode)) {
    throw new ListenerInvalidError(text, "the mode is not three octal digits");
  }
  return { mode: Number.parseInt(mode, 8), ...(group === undefined ? {} : { group }) };
}
