import { type Clock, isJsonObject, type JsonObject, type Logger } from "op-core";
import type { RpcNotification } from "../json-rpc/json-rpc-message.ts";
import type { ClientLogLevel } from "op-tools";
import { metaKeys } from "../revisions/envelope.ts";
import { isModernRevision } from "../revisions/revision.ts";
import type { ClientTransport, ConnectTransport } from "./client-transport.ts";
import type { LastWords } from "./last-words.ts";
import { createEnvelope, negotiate, type ClientIntroduction } from "./negotiate.ts";
import { listenForChanges } from "./listen.ts";
import { RpcPeer } from "./rpc-peer.ts";
import type { EraChoice, ServerProfile } from "./server-profile.ts";
import type { UpstreamRequestOptions } from "./upstream-client.ts";
import { UpstreamClosedError, UpstreamMessageError } from "./upstream-error.ts";
import { answerRequest, parseInputDemand, type InputAnswerer } from "./upstream-input.ts";

/** What one connection is made from. */
export interface ConnectionOptions extends ClientIntroduction {
  readonly transport: ConnectTransport;
  readonly era: EraChoice;
  readonly input?: InputAnswerer;
  readonly onNotification?: (notification: RpcNotification) => void;
  readonly onDisconnect?: (reason: Error) => void;
  /** Takes what the server says for people while it is being connected. */
  readonly words: LastWords;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A connection on which the era is settled. */
export interface UpstreamConnection extends AsyncDisposable {
  readonly profile: ServerProfile;
  readonly isClosed: boolean;
  readonly inFlight: number;
  /** Whether a request may fail with `ERR_UPSTREAM_SESSION_LOST`. */
  readonly mayLoseSession: boolean;
  /** Waits for as long as it takes unless told. */
  request(
    method: string,
    params: JsonObject,
    options: UpstreamRequestOptions,
    timeoutMs?: number,
  ): Promise<JsonObject>;
}

/** A server that asks more often than this before it answers is taken to go round in circles. */
const mostRounds = 32;

const logLevelTimeoutMs = 5000;

/** A server that starts slowly has most of the time to connect; one that is silent on purpose must not use it up. */
const probeShare = 1 / 3;

/** A request that may be answered by questions first. */
interface InteractiveRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly options: UpstreamRequestOptions;
  readonly timeoutMs: number | undefined;
  readonly input: InputAnswerer;
}

class Connection implements UpstreamConnection {
  readonly profile: ServerProfile;
  readonly #peer: RpcPeer<InputAnswerer>;
  readonly #transport: ClientTransport;
  readonly #envelope: JsonObject | undefined;
  /** What servers of the handshake era send whom nobody told anything is taken for this. */
  #logLevel: ClientLogLevel = "info";

  constructor(
    peer: RpcPeer<InputAnswerer>,
    transport: ClientTransport,
    said: { readonly profile: ServerProfile; readonly introduction: ClientIntroduction },
  ) {
    this.#peer = peer;
    this.#transport = transport;
    this.profile = said.profile;
    this.#envelope = isModernRevision(said.profile.revision)
      ? createEnvelope(said.introduction)
      : undefined;
  }

  get isClosed(): boolean {
    return this.#peer.isClosed;
  }

  get inFlight(): number {
    return this.#peer.inFlight;
  }

  get mayLoseSession(): boolean {
    return this.#transport.mayLoseSession === true;
  }

  request(
    method: string,
    params: JsonObject,
    options: UpstreamRequestOptions,
    timeoutMs?: number,
  ): Promise<JsonObject> {
    const { logLevel } = options;
    if (this.#envelope !== undefined || logLevel === undefined || logLevel === this.#logLevel)
      return this.#begin(method, params, options, timeoutMs);
    return this.#tellLogLevel(logLevel).then(() => this.#begin(method, params, options, timeoutMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#peer.closed(new UpstreamClosedError("the connection was closed on this side"));
    await this.#transport[Symbol.asyncDispose]();
  }

  #begin(
    method: string,
    params: JsonObject,
    options: UpstreamRequestOptions,
    timeoutMs: number | undefined,
  ): Promise<JsonObject> {
    const { input } = options;
    const sent = this.#send(method, params, options, timeoutMs);
    // Servers of the handshake era ask by requests of their own.
    if (input === undefined || this.#envelope === undefined) return sent;
    return sent.then((result) =>
      this.#answer(result, { method, params, options, timeoutMs, input }),
    );
  }

  /** In the handshake era it is told once, and not with each request. A server that refuses sends what it sends. */
  async #tellLogLevel(level: ClientLogLevel): Promise<void> {
    this.#logLevel = level;
    if (!("logging" in this.profile.capabilities)) return;
    await this.#send("logging/setLevel", { level }, {}, logLevelTimeoutMs).catch(() => undefined);
  }

  /** Answers what a server of the stateless era wants to know, until it has its last word. */
  async #answer(
    first: JsonObject,
    { method, params, options, timeoutMs, input }: InteractiveRequest,
  ): Promise<JsonObject> {
    let result = first;
    for (let round = 0; round < mostRounds; round += 1) {
      const demand = parseInputDemand(result);
      if (demand === undefined) return result;
      const context = {
        signal: options.signal ?? new AbortController().signal,
        giveUp: (reason: Error) => this.#peer.giveUp(input, reason),
      };
      const inputResponses =
        Object.keys(demand.requests).length === 0
          ? {}
          : await input.answer(demand.requests, context);
      const answered = { ...params, ...demand.state, inputResponses };
      result = await this.#send(method, answered, options, timeoutMs);
    }
    throw new UpstreamMessageError(`it asked ${mostRounds} times and did not answer`);
  }

  #send(
    method: string,
    params: JsonObject,
    options: UpstreamRequestOptions,
    timeoutMs: number | undefined,
  ): Promise<JsonObject> {
    const { input, signal, onProgress, onLog, onNotification, hints } = options;
    const envelope = this.#envelope;
    const enveloped = envelope === undefined ? params : withEnvelope(params, envelope, options);
    return this.#peer.request({
      method,
      params: enveloped,
      signal,
      timeoutMs,
      onProgress,
      onLog,
      onNotification,
      hints,
      tag: input,
    });
  }
}

function withEnvelope(
  params: JsonObject,
  envelope: JsonObject,
  { logLevel, capabilities }: UpstreamRequestOptions,
): JsonObject {
  const meta = params["_meta"];
  return {
    ...params,
    _meta: {
      ...(isJsonObject(meta) ? meta : {}),
      ...envelope,
      ...(logLevel === undefined ? {} : { [metaKeys.logLevel]: logLevel }),
      ...(capabilities === undefined ? {} : { [metaKeys.clientCapabilities]: capabilities }),
    },
  };
}

function createPeer(
  transport: ClientTransport,
  options: ConnectionOptions,
): RpcPeer<InputAnswerer> {
  return new RpcPeer<InputAnswerer>({
    transport,
    clock: options.clock,
    logger: options.logger,
    answer: (request, origin) => Promise.try(answerRequest, request, origin, options.input),
    notified: (notification) => options.onNotification?.(notification),
    closed: (reason) => options.onDisconnect?.(reason),
  });
}

async function attempt(options: ConnectionOptions): Promise<UpstreamConnection> {
  const { words } = options;
  words.forget();
  const onWords = (line: string): void => words.take(line);
  const transport = await options.transport({ signal: options.signal, onWords });
  try {
    const peer = createPeer(transport, options);
    const profile = await negotiate(peer, {
      ...options,
      probeTimeoutMs: Math.floor(options.connectTimeoutMs * probeShare),
    });
    const connection = new Connection(peer, transport, { profile, introduction: options });
    listenForChanges(connection, options.logger);
    return connection;
  } catch (error) {
    await transport[Symbol.asyncDispose]();
    throw error;
  }
}

/** Connects and settles the era. A server that leaves when it is asked in the newer era is started once more. */
export async function openConnection(options: ConnectionOptions): Promise<UpstreamConnection> {
  try {
    return await attempt(options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (options.era !== "auto" || !(error instanceof UpstreamClosedError)) throw error;
    return await attempt({ ...options, era: "legacy" });
  }
}
