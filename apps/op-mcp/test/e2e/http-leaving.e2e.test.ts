import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { describe, expect } from "vitest";
import { makeCertificate } from "../hosting/fixtures/certificates.ts";
import { modernRequest } from "../hosting/fixtures/hosted.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

/** A server with a call in flight, which ends when the file is written. */
async function holding(...flags: readonly string[]) {
  const installation = await Installation.create({ OP_MCP_PLUGINS__MODULES: pluginPath("holds") });
  expect((await installation.run(["tools"])).code).toBe(0);
  const server = await NetworkServer.start(installation, ...flags);
  const until = join(installation.home, "let-go");
  const ask = (method: string, params: Record<string, never> | object): Promise<Response> => {
    const { headers, body } = modernRequest(method, { ...params });
    return fetch(server.endpoint, {
      method: "POST",
      body,
      headers: { ...headers, ...server.authorization },
    });
  };
  // Two connections that are open already: one is idle when the server is told to leave.
  await Promise.all([0, 1].map(async () => (await ask("tools/list", {})).text()));
  const answer = ask("tools/call", { name: "hold", arguments: { until } });
  answer.catch(() => undefined);
  await server.said("holding");
  return { installation, server, ask, answer, letGo: () => installation.write("let-go", "") };
}

describe("op-mcp over HTTP, told to leave,", () => {
  verifies("http.drain", "with a call that ends in time", async () => {
    const { installation, server, ask, answer, letGo } = await holding();
    await using _home = installation;
    const stopped = server.stop("SIGTERM");
    await server.said("leaving");
    const late = await ask("tools/list", {});
    expect([late.status, late.headers.get("retry-after")]).toEqual([503, "5"]);
    await letGo();
    expect(await (await answer).text()).toContain("let go");
    expect(await stopped).toBe(0);
  });

  verifies("http.drain", "with a call that does not", async () => {
    const { installation, server } = await holding("--set", "serve.drainMs=200");
    await using _home = installation;
    expect(await server.stop("SIGTERM")).toBe(1);
    expect(server.stderr).toContain("cut off");
  });

  verifies("http.second-signal", "twice", async () => {
    const { installation, server } = await holding();
    await using _home = installation;
    server.child.kill("SIGTERM");
    await server.said("leaving");
    expect(await server.stop("SIGTERM")).toBe(143);
  });

  verifies("http.second-signal", "by Ctrl-C, twice", async () => {
    const { installation, server } = await holding();
    await using _home = installation;
    server.child.kill("SIGINT");
    await server.said("leaving");
    expect(await server.stop("SIGINT")).toBe(130);
  });
});

describe("op-mcp over HTTPS", () => {
  verifies("http.tls", "on SIGHUP", async () => {
    await using installation = await Installation.create();
    const folder = join(installation.home, "tls");
    await mkdir(folder);
    const first = await makeCertificate(folder, "first");
    const second = await makeCertificate(folder, "second");
    const files = [`serve.tls.certFile=${first.cert}`, `serve.tls.keyFile=${first.key}`];
    const flags = ["--listen", "https://127.0.0.1:0", ...files.flatMap((file) => ["--set", file])];
    const server = await NetworkServer.start(installation, ...flags);
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const options = { port: Number(server.endpoint.port), host: "127.0.0.1" };
        const socket = connect({ ...options, rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        }).on("error", reject);
      });
    expect(await shown()).toBe("first");
    await copyFile(second.key, first.key);
    await copyFile(second.cert, first.cert);
    server.child.kill("SIGHUP");
    await server.said("renewed");
    expect(await shown()).toBe("second");
    expect(await server.stop()).toBe(0);
  });
});
