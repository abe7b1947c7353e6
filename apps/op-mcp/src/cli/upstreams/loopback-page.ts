import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createInterface } from "node:readline";
import type { AuthorizePort } from "op-protocol/oauth";
import type { CliIo } from "../cli-io.ts";

/** What sending a person to a page takes. */
export interface LoopbackPageOptions {
  readonly io: CliIo;
  /** Any free one where it is 0. */
  readonly port: number;
  /** Told where the person is to go. */
  readonly onPage: (page: URL) => void;
}

const done =
  "<!doctype html><meta charset=utf-8><title>op-mcp</title><p>op-mcp has what it needs. You can close this page.";

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The query of an address that somebody pasted, where it is one. */
function pastedQuery(line: string): URLSearchParams | undefined {
  const url = URL.parse(line.trim());
  return url?.searchParams.has("state") === true ? url.searchParams : undefined;
}

/**
 * Sends a person to a page, and waits until their browser comes back to this machine. Where the browser is on another
 * one, it cannot: then the address it was sent to is pasted into the terminal.
 */
export async function openLoopbackPage({
  io,
  port,
  onPage,
}: LoopbackPageOptions): Promise<AuthorizePort & AsyncDisposable> {
  const answered = Promise.withResolvers<URLSearchParams>();
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://127.0.0.1");
    if (pathname !== "/callback" || !searchParams.has("state")) {
      res.writeHead(404).end();
      return;
    }
    // Nothing of the query is repeated: a page could have sent anything.
    res.writeHead(200, { "content-type": "text/html", connection: "close" }).end(done);
    answered.resolve(searchParams);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const lines = createInterface({ input: io.stdin });
  lines.on("line", (line) => {
    const query = pastedQuery(line);
    if (query !== undefined) answered.resolve(query);
  });
  return {
    redirectUrl: `http://127.0.0.1:${portOf(server)}/callback`,
    authorize: async (page, { signal }) => {
      const stop = (): void => answered.reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      onPage(page);
      try {
        return await answered.promise;
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    [Symbol.asyncDispose]: async () => {
      lines.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
