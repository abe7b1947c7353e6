import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from "jose";
import { Provider, type Configuration } from "oidc-provider";

/** The resource server that tokens are for. */
export const resource = "https://mcp.example.org/mcp";

/** Another one, whose tokens must not be taken. */
export const otherResource = "https://other.example.org/mcp";

const redirectUri = "http://127.0.0.1/callback";
const documentUrl = "https://op-mcp.example.org/client.json";
const secret = "a+secret with : & % in it";

/** A real provider on loopback, which can lose its keys, and be down. */
export class OidcHouse implements AsyncDisposable {
  readonly issuer: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  readonly clientId = "agent";
  readonly clientSecret = secret;
  /** A program on somebody's desk, which can keep no secret. */
  readonly publicClientId = "desktop";
  /** A program that proves who it is by a signature. */
  readonly signingClientId = "signer";
  /** A program that says who it is by a document of its own (CIMD). */
  readonly documentedClientId = documentUrl;
  readonly redirectUri = redirectUri;
  readonly #server: ReturnType<typeof createServer>;
  #keys: readonly JWK[] = [];
  readonly #signer = makeSigner();
  #provider: Provider | undefined;
  #isDown = false;

  private constructor(server: ReturnType<typeof createServer>, port: number) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${port}`;
    server.on("request", (req, res) => this.#handle(req, res));
  }

  static async open(): Promise<OidcHouse> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const house = new OidcHouse(server, typeof address === "object" ? (address?.port ?? 0) : 0);
    await house.rotateKeys();
    return house;
  }

  /** The key that signs access tokens, as only the provider has it. */
  get privateKey(): JWK {
    const [key] = this.#keys;
    if (key === undefined) throw new Error("no key");
    return key;
  }

  /** Signs with new keys from now on, and publishes only those. */
  async rotateKeys(): Promise<void> {
    this.#keys = await Promise.all(["RS256", "ES256"].map(makeKey));
    this.#provider = new Provider(
      this.issuer,
      configuration(this.#keys, this, this.#signer.publicJwk),
    );
  }

  /** The key of the client that signs, in PEM. */
  get signingKey(): string {
    return this.#signer.pem;
  }

  /** Answers nothing until it is told to be up again. */
  setDown(isDown: boolean): void {
    this.#isDown = isDown;
  }

  /** A token the client gets for itself. */
  async clientToken(options: { resource?: string; scope?: string } = {}): Promise<string> {
    const { resource: target = resource, scope = "mcp.read" } = options;
    const form = { grant_type: "client_credentials", resource: target, scope };
    return accessTokenIn(await this.post("/token", form));
  }

  /** What alice gets when she lets the client act for her: authorization code with PKCE. */
  async userTokens(): Promise<{ accessToken: string; idToken: string }> {
    const verifier = "a".repeat(43);
    const digest = await crypto.subtle.digest("SHA-256", Buffer.from(verifier));
    const query = new URLSearchParams({
      client_id: this.clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid mcp.read mcp.write",
      resource,
      code_challenge: Buffer.from(digest).toString("base64url"),
      code_challenge_method: "S256",
      nonce: "n",
    });
    const callback = await this.followToCallback(`${this.issuer}/auth?${query.toString()}`);
    const answer = await this.post("/token", {
      grant_type: "authorization_code",
      code: callback.get("code") ?? "",
      redirect_uri: redirectUri,
      code_verifier: verifier,
      resource,
    });
    return { accessToken: accessTokenIn(answer), idToken: String(answer["id_token"]) };
  }

  /** Signs claims with the provider's own key, as only the provider could; the header as told. */
  async sign(claims: JWTPayload, header: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { kid = "" } = this.privateKey;
    const jwt = new SignJWT(claims).setProtectedHeader({
      alg: "RS256",
      typ: "at+jwt",
      kid,
      ...header,
    });
    const { alg: _alg, ...key } = this.privateKey;
    const alg = typeof header["alg"] === "string" ? header["alg"] : "RS256";
    return await jwt.sign(await importJWK(key, alg));
  }

  /** Claims of a token that would be taken. */
  claims(nowMs: number, more: JWTPayload = {}): JWTPayload {
    const now = Math.floor(nowMs / 1000);
    return {
      iss: this.issuer,
      aud: resource,
      sub: "alice",
      client_id: this.clientId,
      scope: "mcp.read",
      iat: now,
      exp: now + 300,
      ...more,
    };
  }

  async post(
    path: string,
    form: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const encoded = [this.clientId, this.clientSecret].map(encodeURIComponent).join(":");
    const response = await fetch(`${this.issuer}${path}`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(encoded).toString("base64")}` },
      body: new URLSearchParams(form),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text}`);
    const answer: Readonly<Record<string, unknown>> = text === "" ? {} : JSON.parse(text);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Goes where a browser would be sent, as alice, who says yes to everything; resolves to what comes back with the code. */
  async followToCallback(start: string): Promise<URLSearchParams> {
    const cookies = new Map<string, string>();
    let url = start;
    for (let steps = 0; steps < 10; steps += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(url, { redirect: "manual", headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        const equals = pair.indexOf("=");
        cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
      }
      const location = response.headers.get("location");
      if (location === null) throw new Error(`${url} leads nowhere: ${await response.text()}`);
      url = new URL(location, url).href;
      const { searchParams } = new URL(url);
      if (searchParams.has("code")) return searchParams;
    }
    throw new Error(
      `the provider never gave a code, but led to ${this.asked.slice(-20).join(" ")}`,
    );
  }

  #handle(req: IncomingMessage, res: ServerResponse): void {
    const { url = "" } = req;
    this.asked.push(url);
    if (this.#isDown) {
      req.socket.destroy();
      return;
    }
    if (url.startsWith("/interaction/")) void this.#sayYes(req, res);
    else void this.#provider?.callback()(req, res);
  }

  async #sayYes(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const provider = this.#provider;
    if (provider === undefined) return;
    const { prompt, session, params } = await provider.interactionDetails(req, res);
    if (prompt.name === "login") {
      await provider.interactionFinished(req, res, { login: { accountId: "alice" } });
      return;
    }
    const grant = new provider.Grant({
      clientId: String(params["client_id"]),
      accountId: session?.accountId ?? "alice",
    });
    grant.addOIDCScope("openid offline_access");
    grant.addResourceScope(String(params["resource"]), "mcp.read mcp.write");
    await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
  }
}

function clients(
  house: OidcHouse,
  signer: Readonly<Record<string, unknown>>,
): NonNullable<Configuration["clients"]> {
  return [
    {
      client_id: house.clientId,
      client_secret: house.clientSecret,
      redirect_uris: [redirectUri],
      grant_types: ["client_credentials", "authorization_code"],
      response_types: ["code"],
    },
    {
      client_id: house.publicClientId,
      token_endpoint_auth_method: "none",
      redirect_uris: [redirectUri],
      application_type: "native",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    {
      client_id: house.signingClientId,
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      jwks: { keys: [{ ...signer, kty: "EC", kid: "signer", alg: "ES256", use: "sig" }] },
      redirect_uris: [],
      response_types: [],
      grant_types: ["client_credentials"],
    },
  ];
}

/** The web as the provider sees it: there is one document. */
const fetchDocument: NonNullable<Configuration["fetch"]> = (url) => {
  const document = {
    client_id: documentUrl,
    client_name: "op-mcp",
    application_type: "native",
    token_endpoint_auth_method: "none",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
  };
  const found = new Request(url).url === documentUrl;
  return Promise.resolve(Response.json(found ? document : {}, { status: found ? 200 : 404 }));
};

function configuration(
  keys: readonly JWK[],
  house: OidcHouse,
  signer: Readonly<Record<string, unknown>>,
): Configuration {
  return {
    jwks: { keys: keys.map((key) => ({ ...key, kty: key.kty ?? "" })) },
    cookies: { keys: ["for tests"] },
    clients: clients(house, signer),
    scopes: ["openid", "offline_access"],
    // A program on somebody's desk keeps its refresh token, whichever scope it asked for.
    issueRefreshToken: (_ctx, client) => Promise.resolve(client.grantTypeAllowed("refresh_token")),
    rotateRefreshToken: true,
    ttl: {
      ClientCredentials: 600,
      Interaction: 600,
      Session: 600,
      Grant: 600,
      RefreshToken: 600,
    },
    fetch: fetchDocument,
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
      registration: { enabled: true },
      clientIdMetadataDocument: { enabled: true, ack: "draft-02" },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, indicator) => ({
          scope: "mcp.read mcp.write",
          audience: indicator.replace(/\?opaque$/u, ""),
          accessTokenFormat: indicator.endsWith("?opaque") ? "opaque" : "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  };
}

function makeSigner() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { pem, publicJwk: { ...publicKey.export({ format: "jwk" }) } };
}

async function makeKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg, use: "sig" };
}

function accessTokenIn(answer: Readonly<Record<string, unknown>>): string {
  const token = answer["access_token"];
  if (typeof token !== "string") throw new TypeError("no token was given");
  return token;
}
