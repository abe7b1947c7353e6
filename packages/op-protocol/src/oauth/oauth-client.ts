import { randomBytes } from "node:crypto";
import {
  auth,
  computeScopeUnion,
  extractWWWAuthenticateParams,
  isStrictScopeSuperset,
  type AuthOptions,
} from "@modelcontextprotocol/client";
import { createSingleFlight, isOpError, systemClock, type Clock } from "op-core";
import type { FetchPort } from "../client/http-exchange.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { UpstreamAuthorizationError, UpstreamLoginError } from "./oauth-error.ts";
import type { OAuthRecord } from "./oauth-record.ts";
import type { AuthorizePort, OAuthOptions } from "./oauth-settings.ts";
import { isRefusedForItsScope, registerPlainly } from "./register-plainly.ts";
import { RecordProvider, type PendingLogin } from "./record-provider.ts";
import { revokeTokens } from "./revoke-tokens.ts";

/** How it stands with the tokens for a server. */
export interface OAuthStatus {
  readonly isLoggedIn: boolean;
  /** Whether an access token that ends is followed by another without anybody's help. */
  readonly isRenewable: boolean;
  readonly expiresAtMs?: number;
  readonly scope?: string;
  readonly issuer?: string;
}

/** What became of the tokens. */
export interface LogoutResult {
  /** Whether they are good for nobody any more. */
  readonly isRevoked: boolean;
}

/** Gets tokens for one MCP server, keeps them fresh, and puts them on requests. */
export interface OAuthClient {
  /** Sends requests to the server, each with the token. */
  readonly fetch: FetchPort;
  /** Lets a person log in, also where somebody is logged in. Where the client acts for itself, it gets a new token. */
  login(options: {
    readonly authorize: AuthorizePort;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /** Gives the tokens back to who made them, where that is possible, and forgets them. */
  logout(options: { readonly signal: AbortSignal }): Promise<LogoutResult>;
  status(options: { readonly signal: AbortSignal }): Promise<OAuthStatus>;
}

/** Why a new token is wanted. */
interface Challenge {
  /** The token that was refused. */
  readonly refused: string | undefined;
  /** Whether it was good, but not for this. */
  readonly isNarrow?: boolean;
  readonly resourceMetadataUrl?: URL;
  readonly scope?: string;
}

/** One piece of the flow. */
interface Step extends Omit<AuthOptions, "serverUrl" | "fetchFn"> {
  readonly signal: AbortSignal;
  readonly login?: PendingLogin;
  readonly isDiscovering?: boolean;
}

/** A token that ends this soon is followed by another before it is used. */
const earlyMs = 30_000;

class StoredOAuthClient implements OAuthClient {
  readonly #options: OAuthOptions;
  readonly #clock: Clock;
  readonly #renewing = createSingleFlight<string, string>();
  readonly fetch: FetchPort;

  constructor(options: OAuthOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.fetch = (url, init) => this.#send(url, init);
  }

  async login({
    authorize,
    signal,
  }: {
    readonly authorize: AuthorizePort;
    readonly signal: AbortSignal;
  }): Promise<void> {
    const { store } = this.#options;
    const challenge = await this.#probe(signal);
    await this.#obtain(challenge, { signal, authorize });
    const { tokens } = await store.read({ signal });
    if (tokens === undefined) throw this.#failed("the authorization server gave none.");
  }

  async logout({ signal }: { readonly signal: AbortSignal }): Promise<LogoutResult> {
    const { store, client } = this.#options;
    return await store.exclusively(
      async () => {
        const record = await store.read({ signal });
        const { tokens: _tokens, expiresAtMs: _expires, ...rest } = record;
        await store.write(rest, { signal });
        const fetchFn = this.#guardedFetch(signal);
        const isRevoked = await revokeTokens(record, client, fetchFn).catch(() => false);
        signal.throwIfAborted();
        return { isRevoked };
      },
      { signal },
    );
  }

  async status({ signal }: { readonly signal: AbortSignal }): Promise<OAuthStatus> {
    const { tokens, expiresAtMs } = await this.#options.store.read({ signal });
    const isOwn = this.#options.grant === "client-credentials";
    const isRenewable = isOwn || tokens?.refresh_token !== undefined;
    const isFresh = expiresAtMs === undefined || expiresAtMs > this.#clock.now();
    return {
      isLoggedIn: tokens !== undefined && (isFresh || isRenewable),
      isRenewable,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      ...(tokens?.scope === undefined ? {} : { scope: tokens.scope }),
      ...(tokens?.issuer === undefined ? {} : { issuer: tokens.issuer }),
    };
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const signal = init.signal ?? new AbortController().signal;
    const token = await this.#token(signal);
    const response = await this.#sendWith(token, url, init);
    const challenge = challengeIn(response, token);
    if (challenge === undefined) return response;
    await response.body?.cancel();
    return await this.#sendWith(await this.#renew(challenge, signal), url, init);
  }

  #sendWith(token: string | undefined, url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    const send = this.#options.fetch ?? fetch;
    return send(url, { ...init, headers });
  }

  async #token(signal: AbortSignal): Promise<string | undefined> {
    const { tokens, expiresAtMs = Infinity } = await this.#options.store.read({ signal });
    if (tokens === undefined) return undefined;
    const token = tokens.access_token;
    if (expiresAtMs - earlyMs > this.#clock.now()) return token;
    const isOwn = this.#options.grant === "client-credentials";
    if (tokens.refresh_token === undefined && !isOwn) return token;
    try {
      return await this.#renew({ refused: token }, signal);
    } catch (error) {
      signal.throwIfAborted();
      // It is early: the next request may have more luck.
      if (expiresAtMs > this.#clock.now()) return token;
      throw error;
    }
  }

  /** Whoever needs a token in place of the same one shares the work. */
  #renew(challenge: Challenge, signal: AbortSignal): Promise<string> {
    const key = JSON.stringify([challenge.refused ?? "", challenge.scope ?? ""]);
    const { authorize } = this.#options;
    return this.#renewing.run(
      key,
      async (shared) => {
        const how = { signal: shared, ...(authorize === undefined ? {} : { authorize }) };
        return (await this.#renewed(challenge, shared)) ?? (await this.#obtain(challenge, how));
      },
      { signal },
    );
  }

  /** A token that needs nobody: one that another process got meanwhile, or that follows the last one. */
  async #renewed(challenge: Challenge, signal: AbortSignal): Promise<string | undefined> {
    const { store, grant } = this.#options;
    return await store.exclusively(
      async () => {
        const record = await store.read({ signal });
        const token = record.tokens?.access_token;
        if (token !== undefined && token !== challenge.refused) return token;
        const scope = this.#scopeFor(record, challenge);
        // What a refresh token gives is never more than there was.
        const isMore =
          challenge.isNarrow === true && isStrictScopeSuperset(scope, record.tokens?.scope);
        const isRefreshable = record.tokens?.refresh_token !== undefined && !isMore;
        if (grant === "authorization-code" && !isRefreshable) {
          await store.write({ ...record, ...(scope === undefined ? {} : { scope }) }, { signal });
          return undefined;
        }
        const step = await this.#run(record, { signal, ...flowOf(challenge, scope) });
        return step.tokens?.access_token;
      },
      { signal },
    );
  }

  /** A token from a person, or for the client itself. */
  async #obtain(
    challenge: Challenge,
    { signal, authorize }: { readonly signal: AbortSignal; readonly authorize?: AuthorizePort },
  ): Promise<string> {
    const { store, grant, name, loginAdvice } = this.#options;
    const before = await store.read({ signal });
    const scope = this.#scopeFor(before, challenge);
    if (grant === "authorization-code" && authorize === undefined)
      throw new UpstreamLoginError(name, { advice: loginAdvice, scope });
    const state = randomBytes(32).toString("base64url");
    const login: PendingLogin = { redirectUrl: authorize?.redirectUrl ?? "", state };
    const flow = { ...flowOf(challenge, scope), signal, login, forceReauthorization: true };
    const begun = await this.#exclusively({ ...flow, isDiscovering: true });
    if (authorize === undefined || login.page === undefined) return this.#tokenIn(begun);
    const answer = await authorize.authorize(login.page, { signal });
    const done = await this.#exclusively({ ...flow, ...this.#codeIn(answer, state) });
    if (scope !== undefined) await store.write({ ...done, scope }, { signal });
    return this.#tokenIn(done);
  }

  #tokenIn({ tokens }: OAuthRecord): string {
    if (tokens === undefined) throw this.#failed("the authorization server gave none.");
    return tokens.access_token;
  }

  #codeIn(answer: URLSearchParams, state: string): { authorizationCode: string; iss?: string } {
    // What another page or another login brings is nobody's answer.
    if (answer.get("state") !== state) throw this.#failed("the answer belongs to another login.");
    const code = answer.get("code");
    const iss = answer.get("iss");
    if (code === null) {
      const error = (answer.get("error") ?? "").replaceAll(/[^\w.-]/gu, "");
      throw this.#failed(`the login was refused${error === "" ? "" : ` (${error})`}.`);
    }
    return { authorizationCode: code, ...(iss === null ? {} : { iss }) };
  }

  #exclusively(step: Step): Promise<OAuthRecord> {
    const { store } = this.#options;
    const { signal } = step;
    return store.exclusively(async () => this.#run(await store.read({ signal }), step), { signal });
  }

  async #run(record: OAuthRecord, step: Step): Promise<OAuthRecord> {
    const { signal, login, isDiscovering = false, ...flow } = step;
    const { name, loginAdvice, store, serverUrl } = this.#options;
    let failure: string | undefined;
    const provider = new RecordProvider({
      settings: this.#options,
      record: isDiscovering ? undiscovered(record) : record,
      save: (changed) => store.write(changed, { signal }),
      nowMs: this.#clock.now(),
      ...(login === undefined ? {} : { login }),
      onNobody: () => {
        if (failure !== undefined) throw this.#failed(failure, { retryable: true });
        throw new UpstreamLoginError(name, { advice: loginAdvice, scope: flow.scope });
      },
    });
    const fetchFn = this.#guardedFetch(signal, (detail) => (failure = detail));
    try {
      await auth(provider, { serverUrl, fetchFn, ...flow }).catch(async (error: unknown) => {
        if (!isRefusedForItsScope(error)) throw error;
        await registerPlainly(provider, fetchFn);
        await auth(provider, { serverUrl, fetchFn, ...flow });
      });
      return provider.record;
    } catch (error) {
      signal.throwIfAborted();
      if (isOpError(error)) throw error;
      const detail = failure ?? (error instanceof Error ? error.message : String(error));
      throw this.#failed(detail, { cause: error, retryable: failure !== undefined });
    }
  }

  /** What the server says when it is asked without a token. One that lets everybody in is logged in to all the same. */
  async #probe(signal: AbortSignal): Promise<Challenge> {
    const { serverUrl, fetch: send = fetch } = this.#options;
    const response = await send(serverUrl, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 0, method: "ping" }),
      signal,
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw this.#failed("the server cannot be reached.", { cause: error, retryable: true });
    });
    await response.body?.cancel();
    return challengeIn(response, undefined) ?? { refused: undefined };
  }

  #scopeFor({ scope, tokens }: OAuthRecord, challenge: Challenge): string | undefined {
    const had = challenge.isNarrow === true ? tokens?.scope : undefined;
    return computeScopeUnion(this.#options.scope, scope, had, challenge.scope);
  }

  #guardedFetch(signal: AbortSignal, onFailure: (detail: string) => void = () => undefined) {
    const { name, serverUrl, fetch: send = fetch } = this.#options;
    return createGuardedFetch({
      name,
      serverUrl,
      fetch: send,
      clock: this.#clock,
      signal,
      onFailure,
    });
  }

  #failed(detail: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    return new UpstreamAuthorizationError(this.#options.name, detail, options);
  }
}

function undiscovered({ discovery: _known, ...record }: OAuthRecord): OAuthRecord {
  return record;
}

function flowOf({ resourceMetadataUrl }: Challenge, scope: string | undefined) {
  return {
    ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** What a response wants in place of this token; nothing where the token is not what it refuses. */
function challengeIn(response: Response, token: string | undefined): Challenge | undefined {
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(response);
  const isNarrow = response.status === 403 && error === "insufficient_scope";
  if (response.status !== 401 && !isNarrow) return undefined;
  return {
    refused: token,
    isNarrow,
    ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** Makes a client of the authorization server behind an MCP server. Nothing is asked before the first request. */
export function createOAuthClient(options: OAuthOptions): OAuthClient {
  return new StoredOAuthClient(options);
}
