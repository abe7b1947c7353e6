import type {
  AddClientAuthentication,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import type { OAuthRecord } from "./oauth-record.ts";
import type { ClientProof, OAuthOptions } from "./oauth-settings.ts";
import { proveClient } from "./prove-client.ts";

/** What a person is sent away with, and what is needed when they come back. */
export interface PendingLogin {
  readonly redirectUrl: string;
  readonly state: string;
  page?: URL;
  verifier?: string;
}

/** What one run of the SDK's flow works on. */
export interface RecordProviderOptions {
  readonly settings: OAuthOptions;
  readonly record: OAuthRecord;
  readonly save: (record: OAuthRecord) => Promise<void>;
  readonly nowMs: number;
  /** Absent where nobody can be asked. */
  readonly login?: PendingLogin;
  /** Called instead of sending a person away where nobody can be asked. */
  readonly onNobody: () => never;
}

const proofMethods = {
  none: "none",
  secret: "client_secret_basic",
  "private-key": "private_key_jwt",
} as const satisfies Record<ClientProof["kind"], string>;

/** Never asked for a page when nobody can be sent there: makes the flow one with a person all the same. */
const nowhere = "http://127.0.0.1/callback";

/** Stands between the SDK's flow and what is remembered. */
export class RecordProvider implements OAuthClientProvider {
  readonly #options: RecordProviderOptions;
  readonly clientMetadataUrl?: string;
  readonly addClientAuthentication?: AddClientAuthentication;
  readonly saveClientInformation?: (client: StoredOAuthClientInformation) => Promise<void>;
  readonly prepareTokenRequest?: (scope?: string) => URLSearchParams;
  record: OAuthRecord;

  constructor(options: RecordProviderOptions) {
    const { settings } = options;
    this.#options = options;
    this.record = options.record;
    const { client, metadataUrl, grant } = settings;
    if (metadataUrl !== undefined) this.clientMetadataUrl = metadataUrl;
    // What was registered beforehand cannot be registered again.
    if (client === undefined) this.saveClientInformation = (made) => this.#save({ client: made });
    else this.addClientAuthentication = proveClient(client);
    if (grant === "client-credentials")
      this.prepareTokenRequest = (scope) =>
        new URLSearchParams({
          grant_type: "client_credentials",
          ...(scope === undefined ? {} : { scope }),
        });
  }

  get redirectUrl(): string | undefined {
    const { settings, login } = this.#options;
    if (settings.grant === "client-credentials") return undefined;
    return login?.redirectUrl ?? nowhere;
  }

  get clientMetadata(): OAuthClientMetadata {
    const { clientName, scope, client, grant } = this.#options.settings;
    const url = this.redirectUrl;
    return {
      client_name: clientName,
      redirect_uris: url === undefined ? [] : [url],
      grant_types:
        grant === "client-credentials"
          ? ["client_credentials"]
          : ["authorization_code", "refresh_token"],
      ...(url === undefined ? {} : { response_types: ["code"] }),
      token_endpoint_auth_method: proofMethods[client?.proof.kind ?? "none"],
      ...(scope === undefined ? {} : { scope }),
    };
  }

  state(): string {
    return this.#options.login?.state ?? "";
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    const { client } = this.#options.settings;
    if (client === undefined) return this.#ownRegistration();
    const issuer = client.issuer ?? this.record.issuer;
    return { client_id: client.id, ...(issuer === undefined ? {} : { issuer }) };
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.record.tokens;
  }

  async saveTokens(tokens: StoredOAuthTokens): Promise<void> {
    const { expiresAtMs: _, ...record } = this.record;
    const { expires_in: seconds, issuer } = tokens;
    this.record = record;
    await this.#save({
      // A refreshed token need not repeat what it is good for.
      tokens: { ...scopeOf(record.tokens), ...tokens },
      ...(seconds === undefined ? {} : { expiresAtMs: this.#options.nowMs + seconds * 1000 }),
      ...(issuer === undefined ? {} : { issuer }),
    });
  }

  redirectToAuthorization(page: URL): void {
    const { login, onNobody } = this.#options;
    if (login === undefined) onNobody();
    else login.page = page;
  }

  saveCodeVerifier(verifier: string): void {
    const { login } = this.#options;
    if (login !== undefined) login.verifier = verifier;
  }

  codeVerifier(): string {
    return this.#options.login?.verifier ?? "";
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): Promise<void> {
    return this.#save({ discovery });
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.record.discovery;
  }

  async invalidateCredentials(
    scope: "all" | "client" | "tokens" | "verifier" | "discovery",
  ): Promise<void> {
    const { tokens, expiresAtMs, client, discovery, ...rest } = this.record;
    const isAll = scope === "all";
    const hasTokens = tokens !== undefined && !isAll && scope !== "tokens";
    this.record = {
      ...rest,
      ...(hasTokens ? { tokens } : {}),
      ...(hasTokens && expiresAtMs !== undefined ? { expiresAtMs } : {}),
      ...(client !== undefined && !isAll && scope !== "client" ? { client } : {}),
      ...(discovery !== undefined && !isAll && scope !== "discovery" ? { discovery } : {}),
    };
    await this.#save({});
  }

  /** A registration is for the addresses that it names; another one needs another registration. */
  #ownRegistration(): StoredOAuthClientInformation | undefined {
    const { client } = this.record;
    const { login, onNobody } = this.#options;
    // Registering is for a person who is about to log in.
    if (login === undefined) return client ?? onNobody();
    if (client === undefined || !("redirect_uris" in client)) return client;
    return client.redirect_uris.includes(login.redirectUrl) ? client : undefined;
  }

  async #save(more: Partial<OAuthRecord>): Promise<void> {
    this.record = { ...this.record, ...more };
    await this.#options.save(this.record);
  }
}

function scopeOf(tokens: StoredOAuthTokens | undefined): { scope?: string } {
  return tokens?.scope === undefined ? {} : { scope: tokens.scope };
}
