import { describe } from "vitest";
import { accept, auth, close, host, json, post, signedIn, Target } from "../fixtures/target.ts";

const target = new Target();

describe("a name or a page that is not ours", () => {
  const hosts: readonly (readonly [string, number])[] = [
    ["evil.example", 403],
    ["evil.example:7411", 403],
    ["localhost.evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["127.0.0.1.nip.io", 403],
    ["2130706433", 403],
    ["0x7f000001", 403],
    ["0177.0.0.1", 403],
    ["127.1", 403],
    ["0.0.0.0", 403],
    ["10.0.0.1", 403],
    ["169.254.169.254", 403],
    ["[::ffff:127.0.0.1]", 403],
    ["[::]", 403],
    ["[fe80::1]", 403],
    ["localhost\u0080", 400],
    ["localhost@evil.example", 400],
    ["evil.example@localhost", 400],
    ["localhost/", 400],
    ["localhost?x", 400],
    ["localhost#x", 400],
    ["localhost, evil.example", 400],
    ["localhost evil.example", 400],
    ["localhost:", 400],
    ["localhost:port", 400],
    ["localhost:123456", 400],
    ["[::1", 400],
    ["::1", 400],
    ["[localhost]", 400],
    ["", 400],
    ["..", 403],
    ["mcp.example.org.evil.example", 403],
    ["sub.mcp.example.org", 403],
    ["xmcp.example.org", 403],
  ];
  for (const [name, status] of hosts) {
    target.itRefuses(`Host: ${JSON.stringify(name)}`, {
      head: [post, `Host: ${name}`, auth, json, accept, close],
      status,
    });
  }
  target.itRefuses("no Host", { head: [post, auth, json, accept, close], status: 400 });
  target.itRefuses("two of them", { head: [...signedIn, "Host: localhost"], status: 400 });
  target.itRefuses("an absolute target", {
    head: ["POST http://localhost/mcp HTTP/1.1", ...signedIn.slice(1)],
    status: 400,
  });
  target.itRefuses("an absolute target of another host", {
    head: ["POST http://evil.example/mcp HTTP/1.1", ...signedIn.slice(1)],
    status: 400,
  });
  target.itRefuses("a target that is only an asterisk", {
    head: ["OPTIONS * HTTP/1.1", ...signedIn.slice(1)],
    status: 400,
  });

  const origins = [
    "https://evil.example",
    "http://evil.example:7411",
    "null",
    "http://localhost",
    "http://127.0.0.1:7411",
    "https://mcp.example.org",
    "file://",
    "chrome-extension://abcdef",
    "javascript:alert(1)",
    "",
  ];
  for (const origin of origins) {
    target.itRefuses(`Origin: ${JSON.stringify(origin)}`, {
      head: [...signedIn, `Origin: ${origin}`],
      status: 403,
    });
  }
  target.itRefuses("a WebSocket of a foreign page", {
    head: [
      "GET /ws HTTP/1.1",
      host,
      auth,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Protocol: mcp",
      "Origin: https://evil.example",
    ],
    status: 403,
  });
});
