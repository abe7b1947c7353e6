import { OidcHouse } from "@op-mcp/test-support/oidc-house";
import { freePort } from "./free-port.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { pluginPath } from "./plugin-path.ts";

/** The binary, serving whom a provider on this machine vouches for. */
export class OAuthServer implements AsyncDisposable {
  readonly house: OidcHouse;
  readonly installation: Installation;
  readonly network: NetworkServer;

  private constructor(house: OidcHouse, installation: Installation, network: NetworkServer) {
    this.house = house;
    this.installation = installation;
    this.network = network;
  }

  static async start(): Promise<OAuthServer> {
    await using stack = new AsyncDisposableStack();
    const house = stack.use(await OidcHouse.open());
    const env = { OP_MCP_PLUGINS__MODULES: pluginPath("risky") };
    const installation = stack.use(await Installation.create(env));
    const oauth = {
      issuers: [{ issuer: house.issuer }],
      scopes: ["mcp.read", "mcp.write"],
      requiredScopes: ["mcp.read"],
      scopeRoles: { "mcp.write": "operator" },
    };
    await installation.write("config/op-mcp/config.json", JSON.stringify({ auth: { oauth } }));
    // Makes the manifest, so that the plugin's tools are known from the first request.
    await installation.run(["tools"]);
    // Tokens are for a URL, so that the port must be known before.
    const listen = `http://127.0.0.1:${await freePort()}`;
    const network = await NetworkServer.start(installation, "--listen", listen);
    stack.move();
    return new OAuthServer(house, installation, network);
  }

  get url(): URL {
    return this.network.endpoint;
  }

  get metadataUrl(): string {
    return new URL("/.well-known/oauth-protected-resource/mcp", this.url).href;
  }

  /** A token of the provider for the program itself, for this server. */
  async tokenFor(scope: string): Promise<string> {
    return await this.house.clientToken({ resource: this.url.href, scope });
  }

  /** Whoever called a tool, as the audit log has them; the server leaves first. */
  async callers(): Promise<readonly string[]> {
    await this.network.stop();
    const { stdout } = await this.installation.run(["audit", "query", "--json"]);
    const entries = stdout.split("\n").filter((line) => line.includes('"call-ended"'));
    const principals = entries.map((line): string => {
      const { principal }: { readonly principal: string } = JSON.parse(line);
      return principal;
    });
    return [...new Set(principals)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.installation[Symbol.asyncDispose]();
    await this.house[Symbol.asyncDispose]();
  }
}
