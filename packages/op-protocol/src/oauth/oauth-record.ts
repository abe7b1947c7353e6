import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";

/** What is remembered of one client at one server. It holds secrets: whoever keeps it, keeps it from others. */
export interface OAuthRecord {
  readonly tokens?: StoredOAuthTokens;
  /** When the access token ends, where the server said so. */
  readonly expiresAtMs?: number;
  /** Who this client is to the authorization server, where it registered itself. */
  readonly client?: StoredOAuthClientInformation;
  /** The authorization server that credentials from the configuration were first used at. */
  readonly issuer?: string;
  readonly discovery?: OAuthDiscoveryState;
  /** All that was ever asked for: a new login asks for no less. */
  readonly scope?: string;
}

/** Keeps one record. */
export interface OAuthStore {
  /** What was written last, by any process. */
  read(options: { readonly signal: AbortSignal }): Promise<OAuthRecord>;
  write(record: OAuthRecord, options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * Runs the work while nobody else does, in any process: a refresh token is good for one use, and who uses it twice is
   * taken for a thief.
   */
  exclusively<T>(work: () => Promise<T>, options: { readonly signal: AbortSignal }): Promise<T>;
}

/** Keeps a record in memory. */
export function createMemoryOAuthStore(initial: OAuthRecord = {}): OAuthStore {
  let kept = initial;
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: () => Promise.resolve(kept),
    write: (record) => {
      kept = record;
      return Promise.resolve();
    },
    exclusively: (work) => {
      const turn = last.then(work, work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
