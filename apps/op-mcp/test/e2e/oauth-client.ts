import {
  UnauthorizedError,
  StreamableHTTPClientTransport,
  type Client,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import type { OidcHouse } from "@op-mcp/test-support/oidc-house";

/** What the program that the SDK's client is part of keeps about one server, where alice is the person in front of it. */
export class SignIn implements OAuthClientProvider {
  readonly redirectUrl: string;
  readonly clientMetadata: { readonly client_name: string; redirect_uris: string[] };
  /** Where the person was sent, each time. */
  readonly visits: URL[] = [];
  readonly #house: OidcHouse;
  #tokens: StoredOAuthTokens | undefined;
  #verifier = "";
  #transport: StreamableHTTPClientTransport | undefined;
  #discovered: OAuthDiscoveryState | undefined;

  constructor(house: OidcHouse, tokens?: StoredOAuthTokens) {
    this.#house = house;
    this.#tokens = tokens;
    this.redirectUrl = house.redirectUri;
    this.clientMetadata = { client_name: "desktop", redirect_uris: [house.redirectUri] };
  }

  clientInformation(): { client_id: string; issuer: string } {
    return { client_id: this.#house.publicClientId, issuer: this.#house.issuer };
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  redirectToAuthorization(url: URL): void {
    this.visits.push(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(discovered: OAuthDiscoveryState): void {
    this.#discovered = discovered;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovered;
  }

  /** Connects as a program does: tries, has the person sign in, and comes back with what the issuer gave. */
  async connect(client: Client, url: URL): Promise<void> {
    const first = this.#open(url);
    await this.#signIn(first, client.connect(first));
    await client.connect(this.#open(url));
  }

  /** Does something for which the token may not be enough; then has the person sign in again, and does it again. */
  async stepUp<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
    const transport = this.#transport;
    if (client.transport !== transport || transport === undefined)
      throw new Error("the client is connected otherwise");
    await this.#signIn(transport, work());
    return await work();
  }

  #open(url: URL): StreamableHTTPClientTransport {
    this.#transport = new StreamableHTTPClientTransport(url, { authProvider: this });
    return this.#transport;
  }

  async #signIn(transport: StreamableHTTPClientTransport, refusedWork: Promise<unknown>) {
    const refused = await refusedWork.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refused instanceof UnauthorizedError)) {
      throw new Error("the server let a stranger in, or failed", { cause: refused });
    }
    const visit = this.visits.at(-1);
    if (visit === undefined) throw new Error("nobody was asked to sign in", { cause: refused });
    await transport.finishAuth(await this.#house.followToCallback(visit.href));
  }
}
