import * as z from "zod";
import { ProfileConfig } from "./views/override-config.ts";

const megabyte = 1024 * 1024;

const milliseconds = (otherwise: number, description: string) =>
  z
    .int()
    .positive()
    .max(2 ** 31 - 1)
    .default(otherwise)
    .meta({ description: `${description}, in milliseconds.` });

const most = (otherwise: number, description: string) =>
  z.int().positive().default(otherwise).meta({ description });

const file = (description: string) => z.string().default("").meta({ description });

const TlsConfig = z
  .strictObject({
    certFile: file("The certificate with its chain, in PEM. `https` listeners need one."),
    keyFile: file(
      "The certificate's private key, in PEM; nobody but its owner and group reads it.",
    ),
    clientCaFile: file(
      "Authorities whose certificates clients may show to prove who they are; empty asks for none.",
    ),
    isClientCertificateRequired: z.boolean().default(false).meta({
      description: "Whether who shows no certificate of those authorities is turned away at once.",
    }),
    checkMs: milliseconds(
      10_000,
      "How often the files are looked at; a changed certificate counts for the next connection",
    ),
  })
  .meta({ description: "TLS, for `https` listeners." });

const LimitsConfig = z
  .strictObject({
    maxConnections: most(4096, "Connections to one listener; more are closed at once."),
    maxHeaderBytes: most(16 * 1024, "The size of a request's headers."),
    maxBodyBytes: most(4 * megabyte, "The size of a request's body, or of a WebSocket message."),
    maxInFlight: most(4096, "Requests that are answered at the same time."),
    maxSessions: most(10_000, "Sessions; the one idle for longest makes room."),
    maxStreams: most(4096, "Connections of HTTP+SSE, and as many of WebSocket."),
    maxQueuedBytes: most(4 * megabyte, "A client that lets more than this wait is given up."),
    headersMs: milliseconds(10_000, "How long a client may take to send its headers"),
    requestMs: milliseconds(60_000, "How long a client may take to send a whole request"),
    idleConnectionMs: milliseconds(65_000, "How long a connection may be idle between requests"),
    idleSessionMs: milliseconds(30 * 60_000, "How long a session may be idle"),
    keepAliveMs: milliseconds(15_000, "How often streams are kept alive"),
    recheckMs: milliseconds(
      60_000,
      "How often it is asked again, of an open stream, whether its client is still let in",
    ),
  })
  .meta({ description: "What one client, or all of them, may take." });

const reservedViews = new Set(["search", "direct"]);

const Profiles = z
  .record(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,47}$/u)
      .refine((name) => !reservedViews.has(name), {
        error: "is a mode, which has its URL already",
      }),
    ProfileConfig,
  )
  .default({})
  .meta({
    description: "Views of their own, by the last word of their URL: `/mcp/NAME`.",
    live: true,
  });

/** How MCP is served over the network. */
export const ServeConfig = z
  .strictObject({
    listeners: z.array(z.string().min(1)).min(1).default(["http://127.0.0.1:7411"]).meta({
      description:
        "Where to listen: `http://HOST:PORT`, `https://HOST:PORT`, `unix:/path` (for one user; `?user=NAME`, or `?mode=0660&group=NAME` for several, who then need a token), or `systemd:` for the sockets systemd gives (`systemd:NAME` for some, `systemd+https:NAME` with TLS).",
    }),
    tls: TlsConfig.prefault({}),
    limits: LimitsConfig.prefault({}),
    profiles: Profiles,
    drainMs: milliseconds(
      20_000,
      "How long what is in flight may take when the server is told to leave",
    ),
    metrics: z.enum(["authenticated", "loopback", "off"]).default("authenticated").meta({
      description:
        "Who may read `/metrics`: whoever has a credential, besides them programs on this machine, or nobody.",
    }),
  })
  .meta({ description: "Serving over the network: `op-mcp serve`." });

/** How MCP is served over the network, parsed and complete. */
export type ServeConfig = z.output<typeof ServeConfig>;
