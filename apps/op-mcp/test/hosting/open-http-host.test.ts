import { mkdtemp, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { modernRequest, openHosted, Slow } from "./fixtures/hosted.ts";

const namesOf = (answer: unknown): string[] =>
  (answer as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name);

describe("who may enter", () => {
  it("is whoever has the local token", async () => {
    await using hosted = await openHosted();
    const answer = await hosted.ask("tools/call", { name: "echo", arguments: { text: "hello" } });
    expect(await answer.json()).toMatchObject({ result: { content: [{ text: "hello" }] } });
    const { mode } = await stat(join(hosted.home, "local-token"));
    expect(mode & 0o777).toBe(0o600);
  });

  it("is whoever has a key, until it is revoked", async () => {
    await using hosted = await openHosted();
    const { signal } = new AbortController();
    const { key, token } = await hosted.auth.apiKeys.create({ name: "ci", scopes: [], signal });
    const with_ = { token: token.reveal() };
    expect((await hosted.ask("tools/list", {}, with_)).status).toBe(200);
    await hosted.auth.apiKeys.revoke(key.id, { signal });
    expect((await hosted.ask("tools/list", {}, with_)).status).toBe(401);
    expect(hosted.reasons()).toEqual(["revoked"]);
  });

  it.each(["/mcp", "/mcp/search", "/mcp/nowhere", "/sse", "/metrics"])(
    "is nobody without a token: %s",
    async (path) => {
      await using hosted = await openHosted();
      const answer = await hosted.fetch(path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="op-mcp"');
      expect(await answer.json()).toMatchObject({
        error: {
          code: -32_000,
          data: { reason: "no-credential", requestId: answer.headers.get("x-request-id") },
        },
      });
      expect(hosted.reasons()).toEqual(["no-credential"]);
    },
  );

  it("is slowed after a few wrong tokens, and told when to come back", async () => {
    await using hosted = await openHosted({ auth: { slowing: { freeFailures: 2 } } });
    const guess = async (): Promise<Response> => await hosted.ask("tools/list", {}, { token: "x" });
    const statuses = [];
    for (let attempt = 0; attempt < 4; attempt += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await guess()).headers.get("retry-after")).toBe("1");
  });

  it("cannot be everybody who reaches another address than this machine's own", async () => {
    const opening = openHosted({ serve: { listeners: ["http://0.0.0.0:0"] } });
    await expect(opening).rejects.toMatchObject({ code: "ERR_AUTH_OPEN_BIND" });
  });
});

describe("views", () => {
  const serve = {
    profiles: { echoing: { mode: "direct" as const, context: { names: ["echo"] } } },
  };

  it.each([
    ["/mcp", ["echo", "long", "wipe"]],
    ["/mcp/direct", ["echo", "long", "wipe"]],
    ["/mcp/search", []],
    ["/mcp/echoing", ["echo"]],
  ])("show at %s what they should", async (path, names) => {
    await using hosted = await openHosted({ serve });
    const answer = await hosted.ask("tools/list", {}, { path });
    expect(namesOf(await answer.json())).toEqual(names);
  });

  it("that are not there are 404, to those who may enter", async () => {
    await using hosted = await openHosted({ serve });
    const answer = await hosted.ask("tools/list", {}, { path: "/mcp/nowhere" });
    expect(answer.status).toBe(404);
  });

  it("leave out what the policy denies whoever asks, and nothing else", async () => {
    await using hosted = await openHosted();
    const { signal } = new AbortController();
    const { token } = await hosted.auth.apiKeys.create({ name: "ci", scopes: [], signal });
    const own = await hosted.ask("tools/list");
    expect(namesOf(await own.json())).toContain("wipe");
    const keys = await hosted.ask("tools/list", {}, { token: token.reveal() });
    expect(namesOf(await keys.json())).toEqual(["echo", "long"]);
  });
});

describe("what is open to all", () => {
  it("is whether it lives", async () => {
    await using hosted = await openHosted();
    const answer = await hosted.fetch("/health");
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  });

  it("is whether requests should come, part by part and without reasons", async () => {
    let isBroken = false;
    const check = (): Promise<"ok"> =>
      isBroken ? Promise.reject(new Error("password is hunter2")) : Promise.resolve("ok");
    await using hosted = await openHosted({ parts: () => [{ name: "audit", check }] });
    const well = await hosted.fetch("/ready");
    expect(well.status).toBe(200);
    isBroken = true;
    const ill = await hosted.fetch("/ready");
    expect(ill.status).toBe(503);
    expect(await ill.json()).toEqual({
      status: "not-ready",
      parts: { [`listener ${hosted.origin}`]: "ok", store: "ok", audit: "failing" },
    });
  });

  it("is nothing else, and everything else is refused in one form", async () => {
    await using hosted = await openHosted();
    for (const path of ["/", "/favicon.ico", "/mcp/", "/MCP", "/%6dcp", "/.well-known/x"]) {
      const answer = await hosted.fetch(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ jsonrpc: "2.0", error: { code: -32_000 } });
    }
    const posted = await hosted.fetch("/health", { method: "POST" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET"]);
  });
});

describe("OAuth", () => {
  it("says where to get a token, and for what", async () => {
    const issuers = [{ issuer: "https://login.example.org" }];
    const oauth = { issuers, resource: "https://mcp.example.org/mcp", requiredScopes: ["mcp"] };
    await using hosted = await openHosted({ auth: { oauth } });
    const challenge = (await hosted.fetch("/mcp")).headers.get("www-authenticate");
    const url = "https://mcp.example.org/.well-known/oauth-protected-resource/mcp";
    expect(challenge).toContain(`resource_metadata="${url}"`);
    expect(challenge).toContain('scope="mcp"');
    const answer = await hosted.fetch(new URL(url).pathname);
    expect(await answer.json()).toMatchObject({
      resource: "https://mcp.example.org/mcp",
      authorization_servers: ["https://login.example.org"],
    });
  });
});

describe("metrics", () => {
  it("count what came, by route and status", async () => {
    await using hosted = await openHosted();
    await (await hosted.ask("tools/list")).text();
    await (await hosted.fetch("/nowhere")).text();
    const headers = { authorization: `Bearer ${hosted.token}` };
    const text = await (await hosted.fetch("/metrics", { headers })).text();
    expect(text).toContain('op_mcp_http_requests_total{route="mcp",status="200"} 1');
    expect(text).toContain('op_mcp_http_requests_total{route="none",status="404"} 1');
    expect(text).toContain("op_mcp_sessions 0");
  });

  it("may be open to this machine, or to nobody", async () => {
    await using open = await openHosted({ serve: { metrics: "loopback" } });
    expect((await open.fetch("/metrics")).status).toBe(200);
    await using off = await openHosted({ serve: { metrics: "off" } });
    const headers = { authorization: `Bearer ${off.token}` };
    expect((await off.fetch("/metrics", { headers })).status).toBe(404);
  });
});

describe("web pages", () => {
  const auth = { origins: ["https://app.example.org"] };

  it("of an allowed origin may ask, and read the answers", async () => {
    await using hosted = await openHosted({ auth });
    const asked = await hosted.fetch("/mcp", {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, mcp-method",
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-headers")).toBe("authorization, mcp-method");
    const headers = { origin: "https://app.example.org" };
    const answer = await hosted.ask("tools/list", {}, { headers });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example.org");
  });

  it("of other origins may not even ask", async () => {
    await using hosted = await openHosted({ auth });
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const asked = await hosted.fetch("/mcp", { method: "OPTIONS", headers });
    expect(asked.status).toBe(403);
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a Unix socket", () => {
  const viaSocket = (path: string, authorization?: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const { headers, body } = modernRequest("tools/list");
      const own = authorization === undefined ? {} : { authorization };
      request(
        { socketPath: path, path: "/mcp", method: "POST", headers: { ...headers, ...own } },
        (res) => resolve(res.resume().statusCode ?? 0),
      )
        .on("error", reject)
        .end(body);
    });

  it("of one user needs no token, one for several does", async () => {
    const folder = await mkdtemp(join(tmpdir(), "op-mcp-sockets-"));
    try {
      const [own, shared] = [join(folder, "own.sock"), join(folder, "shared.sock")];
      const listeners = [`unix:${own}`, `unix:${shared}?mode=0666`];
      await using hosted = await openHosted({ serve: { listeners } });
      expect(await viaSocket(own)).toBe(200);
      expect((await stat(own)).mode & 0o777).toBe(0o600);
      expect(await viaSocket(shared)).toBe(401);
      expect(await viaSocket(shared, `Bearer ${hosted.token}`)).toBe(200);
      expect((await stat(shared)).mode & 0o777).toBe(0o666);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("of several listeners opens none when one cannot be", async () => {
    await using first = await openHosted();
    const folder = await mkdtemp(join(tmpdir(), "op-mcp-sockets-"));
    try {
      const path = join(folder, "own.sock");
      const listeners = [`unix:${path}`, first.origin];
      await expect(openHosted({ serve: { listeners } })).rejects.toMatchObject({
        code: "ERR_LISTEN_FAILED",
        advice: expect.stringContaining("another op-mcp"),
      });
      await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("leaving", () => {
  it("finishes what is in flight, and refuses what comes with a time to come back", async () => {
    const slow = new Slow();
    await using hosted = await openHosted({ tools: [slow.tool] });
    // A connection that is open already, and idle.
    await (await hosted.fetch("/health")).text();
    const inFlight = hosted.ask("tools/call", { name: "slow", arguments: {} });
    await slow.began;
    const drained = hosted.host.drain({ signal: new AbortController().signal });
    const late = await hosted.ask("tools/list");
    expect([late.status, late.headers.get("retry-after")]).toEqual([503, "5"]);
    slow.finish();
    expect(await (await inFlight).text()).toContain("done at last");
    await drained;
    await expect(hosted.fetch("/health")).rejects.toThrow("fetch failed");
  });

  it("ends streams and WebSockets, and waits no longer than it may", async () => {
    const slow = new Slow();
    await using hosted = await openHosted({ tools: [slow.tool] });
    const headers = { authorization: `Bearer ${hosted.token}`, accept: "text/event-stream" };
    const stream = await hosted.fetch("/sse", { headers });
    const ended = stream.text();
    await hosted.host.drain({ signal: new AbortController().signal });
    expect(await ended).toContain("event: endpoint");

    await using other = await openHosted({ tools: [slow.tool] });
    const call = other.ask("tools/call", { name: "slow", arguments: {} });
    call.catch(() => undefined);
    await slow.began;
    const enough = new AbortController();
    const drained = other.host.drain({ signal: enough.signal });
    enough.abort(new Error("long enough"));
    await expect(drained).rejects.toThrow("long enough");
    slow.finish();
  });
});

describe("a stream that stays open", () => {
  it("ends when its client is not let in any more", async () => {
    const clock = createManualClock();
    await using hosted = await openHosted({ clock, serve: { limits: { recheckMs: 1000 } } });
    const { signal } = new AbortController();
    const { key, token } = await hosted.auth.apiKeys.create({ name: "ci", scopes: [], signal });
    const headers = { authorization: `Bearer ${token.reveal()}`, accept: "text/event-stream" };
    const stream = await hosted.fetch("/sse", { headers });
    const url = `${hosted.origin.replace("http", "ws")}/ws`;
    const socket = new WebSocket(url, { protocols: "mcp", headers });
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    await clock.advance(1500);
    expect(socket.readyState).toBe(socket.OPEN);
    await hosted.auth.apiKeys.revoke(key.id, { signal });
    await clock.advance(1000);
    await expect(stream.text()).rejects.toThrow("terminated");
    await closed;
    expect(hosted.reasons()).toEqual(["revoked", "revoked"]);
  });
});
