import { describe, expect, it } from "vitest";
import { exchangeBytes } from "../fixtures/hosted.ts";
import { auth, close, host, signedIn, statusOf, Target } from "../fixtures/target.ts";

const target = new Target();

describe("a path that leads elsewhere", () => {
  const paths = [
    "//mcp",
    "/./mcp",
    "/mcp/..",
    "/mcp/../mcp",
    "/mcp/%2e%2e",
    "/mcp%00",
    "/mcp;x=1",
    "/mcp/a/b",
    "/mcp/A",
    "/mcp/__proto__",
    "/mcp/_",
    `/mcp/${"a".repeat(49)}`,
    "/.env",
    "/.git/config",
    "/etc/passwd",
    "/metrics/",
    "/health/../metrics",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/../mcp",
    "/.well-known/openid-configuration",
  ];
  for (const path of paths) {
    target.itRefuses(path, { head: [`GET ${path} HTTP/1.1`, host, auth, close], status: 404 });
  }
  for (const view of ["constructor", "tostring", "valueof"]) {
    target.itRefuses(`/mcp/${view}`, {
      head: [`POST /mcp/${view} HTTP/1.1`, ...signedIn.slice(1)],
      status: 404,
    });
  }
});

describe("a WebSocket that is none", () => {
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  const version = "Sec-WebSocket-Version: 13";
  const protocol = "Sec-WebSocket-Protocol: mcp";
  target.itRefuses("without a token", {
    head: ["GET /ws HTTP/1.1", host, ...upgrade, key, version, protocol],
    status: 401,
  });
  target.itRefuses("of a view that is not there", {
    head: ["GET /ws/nowhere HTTP/1.1", host, auth, ...upgrade, key, version, protocol],
    status: 404,
  });
  target.itRefuses("of a path that speaks HTTP", {
    head: ["GET /nowhere HTTP/1.1", host, auth, ...upgrade, key, version, protocol],
    status: 404,
  });
  target.itRefuses("without the wish", {
    head: ["GET /ws HTTP/1.1", host, auth, close],
    status: 426,
  });
  target.itRefuses("to another protocol", {
    head: ["GET /ws HTTP/1.1", host, auth, "Connection: Upgrade", "Upgrade: h2c"],
    status: 426,
  });
  const headless: Readonly<Record<string, readonly string[]>> = {
    "without a key": [version, protocol],
    "with a key that is none": ["Sec-WebSocket-Key: x", version, protocol],
    "of another version": [key, "Sec-WebSocket-Version: 7", protocol],
    "without our subprotocol": [key, version],
    "of a foreign subprotocol": [key, version, "Sec-WebSocket-Protocol: chat"],
  };
  for (const [name, lines] of Object.entries(headless)) {
    it(`is turned away: ${name}`, async () => {
      const head = ["GET /ws HTTP/1.1", host, auth, ...upgrade, ...lines];
      const answer = await exchangeBytes(target.hosted.port, target.toBytes({ head }));
      expect([400, 426]).toContain(statusOf(answer));
    });
  }
});
