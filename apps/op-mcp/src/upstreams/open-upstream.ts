import {
  createFilePinStore,
  openAggregator,
  type Aggregator,
  type UpstreamSources,
} from "op-aggregator";
import type { UpstreamSettings } from "op-aggregator/config";
import type { Clock, Logger } from "op-core";
import type { ServerProfile, SpawnPort } from "op-protocol/client";
import type { Environment } from "../config/environment.ts";
import { toUpstreamConfig } from "./to-upstream-config.ts";
import { UpstreamSettingsError } from "./upstream-error.ts";

/** What opening a server takes. */
export interface OpenUpstreamOptions {
  readonly name: string;
  readonly settings: UpstreamSettings;
  readonly version: string;
  readonly env: Environment;
  /** Where definitions are kept that were accepted. */
  readonly pinsDirectory: string;
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

/** Opens one server: its secrets are fetched, and nothing is started. */
export async function openUpstream(options: OpenUpstreamOptions): Promise<OpenedUpstream> {
  const { name, settings, version, known, spawner, pinsDirectory, clock, logger } = options;
  const config = await toUpstreamConfig(name, settings, options);
  const aggregator: Aggregator = await openAggregator({
    upstreams: [config],
    clientInfo: { name: "op-mcp", version },
    spawner,
    pins: createFilePinStore(pinsDirectory),
    ...(known === undefined ? {} : { known: { [name]: known } }),
    clock,
    logger,
  });
  const [sources] = aggregator.upstreams;
  if (sources === undefined) throw new UpstreamSettingsError(name, "nothing was opened");
  return { sources, [Symbol.asyncDispose]: () => aggregator[Symbol.asyncDispose]() };
}
