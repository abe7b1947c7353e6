import { createServer } from "node:http";
import {
  createHttpHandler,
  createRebindingGuard,
  loopbackHosts,
  sendRefusal,
} from "../src/http/index.ts";
import { createMcpServer } from "../src/index.ts";
import { fixtureHost } from "./fixture-host.ts";

/** Short enough that the suite sees a connection end before its call does. */
const maxConnectionMs = 1000;
/** When a client whose connection ended comes back: before it would end again. */
const retryMs = 100;

/** A server for the official suite, while it is open. */
export interface FixtureServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves the fixtures on a free port of the loopback interface. */
export async function openFixtureServer(): Promise<FixtureServer> {
  const server = createMcpServer({ host: fixtureHost });
  const mcp = createHttpHandler({ server, maxConnectionMs, retryMs });
  const guard = createRebindingGuard({ hosts: loopbackHosts });
  const principal = { id: "conformance", scopes: [] };
  const http = createServer((req, res) => {
    const refusal = guard(req);
    if (refusal === undefined) void mcp.handle(req, res, { principal });
    else sendRefusal(res, refusal);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://localhost:${port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      await mcp[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
