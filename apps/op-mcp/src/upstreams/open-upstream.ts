import { join } from "node:path";
import {
  createFilePinStore,
  openAggregator,
  type Aggregator,
  type UpstreamSources,
} from "op-aggregator";
import type { UpstreamSettings } from "op-aggregator/config";
import type { Clock, Logger } from "op-core";
import type { FetchPort, ServerProfile, SpawnPort } from "op-protocol/client";
import { ownPrincipalId } from "../access/own-user.ts";
import type { Environment } from "../config/environment.ts";
import type { TokenKeyPlaces } from "./auth/token-keys.ts";
import { createTokenVault } from "./auth/token-vault.ts";
import { toUpstreamConfig } from "./to-upstream-config.ts";
import { UpstreamSettingsError } from "./upstream-error.ts";

/** What opening a server takes. */
export interface OpenUpstreamOptions {
  readonly name: string;
  readonly settings: UpstreamSettings;
  readonly version: string;
  readonly env: Environment;
  /** Where definitions are kept that were accepted, and tokens. */
  readonly stateDirectory: string;
  readonly keyPlaces: () => TokenKeyPlaces;
  readonly known: ServerProfile | undefined;
  readonly spawner: SpawnPort;
  readonly isWarm: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A server whose code is loaded. It is connected to when something of it is used. */
export interface OpenedUpstream extends AsyncDisposable {
  readonly sources: UpstreamSources;
}

/**
 * Puts tokens on requests, where the server wants them. Where each user logs in for themselves, those of another one are
 * never used; whoever runs op-mcp, and whoever only reads lists, has the login that was made for all.
 */
async function fetchForUsers(
  options: OpenUpstreamOptions,
): Promise<((user: string | undefined) => FetchPort) | undefined> {
  const { settings, stateDirectory, keyPlaces: places, env, clock } = options;
  if (settings.auth?.oauth === undefined) return undefined;
  // The SDK's flow is needed by those alone who use it.
  const { createOAuth } = await import("./auth/create-oauth.ts");
  const vault = createTokenVault({ directory: join(stateDirectory, "tokens"), places, env, clock });
  const isEach = settings.auth.users === "each";
  return (user) => {
    const owner = isEach && user !== ownPrincipalId() ? user : undefined;
    return createOAuth({ ...options, vault }, owner)?.fetch ?? fetch;
  };
}

/** Opens one server: its secrets are fetched, and nothing is started. */
export async function openUpstream(options: OpenUpstreamOptions): Promise<OpenedUpstream> {
  const { name, settings, version, known, spawner, stateDirectory, clock, logger } = options;
  const fetchFor = await fetchForUsers(options);
  const config = await toUpstreamConfig(name, settings, {
    ...options,
    ...(fetchFor === undefined ? {} : { fetchFor }),
  });
  const aggregator: Aggregator = await openAggregator({
    upstreams: [config],
    clientInfo: { name: "op-mcp", version },
    spawner,
    pins: createFilePinStore(join(stateDirectory, "pins")),
    ...(known === undefined ? {} : { known: { [name]: known } }),
    clock,
    logger,
  });
  const [sources] = aggregator.upstreams;
  if (sources === undefined) throw new UpstreamSettingsError(name, "nothing was opened");
  return { sources, [Symbol.asyncDispose]: () => aggregator[Symbol.asyncDispose]() };
}
