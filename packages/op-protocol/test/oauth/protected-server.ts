import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { OidcHouse } from "@op-mcp/test-support/oidc-house";

/** A server that lets in who has a token of the house for it, and answers with what the token says. */
export class ProtectedServer implements AsyncDisposable {
  readonly #house: OidcHouse;
  readonly #http: ReturnType<typeof createServer>;
  readonly url: URL;
  /** Every authorization header that came with a request for the resource. */
  readonly seen: string[] = [];
  /** Told to whoever is not let in. */
  scope = "mcp.read";
  /** Tokens that are not taken any more. */
  readonly revoked = new Set<string>();

  private constructor(house: OidcHouse, http: ReturnType<typeof createServer>, port: number) {
    this.#house = house;
    this.#http = http;
    this.url = new URL(`http://127.0.0.1:${port}/mcp`);
    http.on("request", (req, res) => this.#answer(req, res));
  }

  static async open(house: OidcHouse): Promise<ProtectedServer> {
    const http = createServer();
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const address = http.address();
    return new ProtectedServer(house, http, typeof address === "object" ? (address?.port ?? 0) : 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, "close");
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    req.resume();
    if (req.url?.startsWith("/.well-known/") === true) {
      const metadata = {
        resource: this.url.href,
        authorization_servers: [this.#house.issuer],
        scopes_supported: ["mcp.read", "mcp.write"],
      };
      res.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
      return;
    }
    const { authorization = "" } = req.headers;
    this.seen.push(authorization);
    const token = authorization.replace(/^Bearer /u, "");
    const said = this.revoked.has(token) ? {} : this.#claimsOf(token);
    const { scope = "" } = said;
    const challenge = `scope="${this.scope}", resource_metadata="${new URL("/.well-known/oauth-protected-resource/mcp", this.url).href}"`;
    if (said["aud"] !== this.url.href) {
      res.writeHead(401, { "www-authenticate": `Bearer ${challenge}` }).end();
    } else if (!this.scope.split(" ").every((one) => String(scope).split(" ").includes(one))) {
      const narrow = `Bearer error="insufficient_scope", ${challenge}`;
      res.writeHead(403, { "www-authenticate": narrow }).end();
    } else res.setHeader("content-type", "application/json").end(JSON.stringify(said));
  }

  #claimsOf(token: string): Readonly<Record<string, unknown>> {
    const [, body = ""] = token.split(".");
    if (body === "") return {};
    return JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>;
  }
}
