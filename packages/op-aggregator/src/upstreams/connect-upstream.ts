import type { Clock, Logger } from "op-core";
import {
  createHttpTransport,
  createLegacySseTransport,
  createStdioTransport,
  createWebSocketClientTransport,
  type ConnectTransport,
  type SpawnPort,
} from "op-protocol/client";
import { UpstreamConfigError } from "../aggregator-error.ts";
import type { UpstreamConfig, UpstreamTransport } from "./upstream-config.ts";

/** What every connection needs from outside. */
export interface ConnectServices {
  /** Starts the servers that are programs; without one they cannot be configured. */
  readonly spawner?: SpawnPort;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Remote = Extract<UpstreamTransport, { readonly url: string }>;

function parseUrl({ name }: UpstreamConfig, { url }: Remote): URL {
  const parsed = URL.parse(url);
  if (parsed === null) throw new UpstreamConfigError(name, `${JSON.stringify(url)} is no URL`);
  return parsed;
}

function headersOf({ headers }: Remote): () => Readonly<Record<string, string>> {
  return typeof headers === "function" ? headers : () => headers ?? {};
}

function connectRemote(
  config: UpstreamConfig,
  remote: Remote,
  { clock, logger, user }: ConnectServices & { readonly user: string | undefined },
): ConnectTransport {
  const { maxMessageBytes } = config;
  const send = remote.fetchFor?.(user) ?? remote.fetch;
  const limit = maxMessageBytes === undefined ? {} : { maxMessageBytes };
  const address = {
    url: parseUrl(config, remote),
    headers: headersOf(remote),
    ...(send === undefined ? {} : { fetch: send }),
    ...limit,
  };
  if (remote.kind === "http") return createHttpTransport({ ...address, clock });
  if (remote.kind === "sse") return createLegacySseTransport(address);
  return createWebSocketClientTransport({ ...address, clock, logger });
}

/** Makes the way to a server for one of its users; nothing is started yet. */
export function toConnectTransport(
  config: UpstreamConfig,
  services: ConnectServices,
  user?: string,
): ConnectTransport {
  const { transport, name, maxMessageBytes } = config;
  if (transport.kind === "custom") return transport.connect;
  if (transport.kind !== "stdio") return connectRemote(config, transport, { ...services, user });
  const { spawner, clock, logger } = services;
  if (spawner === undefined) throw new UpstreamConfigError(name, "nothing here can start programs");
  const { argv, cwd = "/", env = {}, sandbox = { level: "none" }, limits, cleanWords } = transport;
  return createStdioTransport({
    spawner,
    spec: { argv, cwd, env, sandbox, ...(limits === undefined ? {} : { limits }) },
    clock,
    logger,
    ...(cleanWords === undefined ? {} : { cleanWords }),
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  });
}
