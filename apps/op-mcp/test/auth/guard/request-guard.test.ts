import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ListenAddress } from "../../../src/auth/guard/listen-address.ts";
import { createRequestGuard, parseHost } from "../../../src/auth/guard/request-guard.ts";
import { request } from "../request.ts";

const tcp = (host: string): ListenAddress => ({ kind: "tcp", host });

function codeFor(
  address: ListenAddress,
  headers: readonly (readonly [string, string])[],
  more: { hosts?: readonly string[]; origins?: readonly string[]; url?: string } = {},
): string {
  const { hosts = [], origins = [], url = "/mcp" } = more;
  const guard = createRequestGuard({ address, hosts, origins });
  return guard(request(headers, { url }))?.code ?? "passes";
}

describe("the Host header", () => {
  test.each([
    ["127.0.0.1", "localhost:8080"],
    ["127.0.0.1", "LOCALHOST"],
    ["127.0.0.1", "localhost."],
    ["127.0.0.1", "127.0.0.1:1"],
    ["::1", "[::1]:8080"],
    ["192.0.2.7", "192.0.2.7:8080"],
    ["0.0.0.0", "192.0.2.7"],
    ["::", "[2001:db8::1]:80"],
    ["0.0.0.0", "localhost"],
    ["127.0.0.1", "mcp.example.org"],
    ["127.0.0.1", "ported.example.org:8443"],
  ])("a server on %s is known as %s", (host, header) => {
    const hosts = ["MCP.example.org", "ported.example.org:8443"];
    expect(codeFor(tcp(host), [["Host", header]], { hosts })).toBe("passes");
  });

  test.each([
    ["127.0.0.1", "evil.example"],
    ["127.0.0.1", "localhost.evil.example"],
    ["127.0.0.1", "127.0.0.1.evil.example"],
    ["127.0.0.1", "127.1"],
    ["127.0.0.1", "0x7f000001"],
    ["127.0.0.1", "2130706433"],
    ["127.0.0.1", "192.0.2.7"],
    ["192.0.2.7", "localhost"],
    ["0.0.0.0", "evil.example"],
    ["0.0.0.0", "192.0.2.7.evil.example"],
    ["127.0.0.1", "ported.example.org"],
    ["127.0.0.1", "ported.example.org:80"],
  ])("a server on %s is not known as %s", (host, header) => {
    const hosts = ["ported.example.org:8443"];
    expect(codeFor(tcp(host), [["Host", header]], { hosts })).toBe("host-unknown");
  });

  test.each([
    [[]],
    [[["Host", ""]]],
    [
      [
        ["Host", "localhost"],
        ["host", "localhost"],
      ],
    ],
    [[["Host", "localhost, evil.example"]]],
    [[["Host", "localhost@evil.example"]]],
    [[["Host", "localhost/evil"]]],
    [[["Host", "[::1"]]],
    [[["Host", "[localhost]"]]],
    [[["Host", "localhost:99999999"]]],
    [[["Host", "local host"]]],
  ] as const)("%j is invalid", (headers) => {
    expect(codeFor(tcp("127.0.0.1"), headers)).toBe("host-invalid");
  });

  test("does not matter on a Unix socket, which no page reaches", () => {
    expect(codeFor({ kind: "unix", path: "/run/s" }, [["Host", "whatever"]])).toBe("passes");
  });

  test("a target that names another host is refused", () => {
    for (const url of ["http://evil.example/mcp", "evil.example:443", "*"]) {
      expect(codeFor(tcp("127.0.0.1"), [["Host", "localhost"]], { url })).toBe("target-invalid");
    }
  });

  test("is never taken for a name of ours by a server that has one, whatever is in it", () => {
    const alphabet = fc.constantFrom(
      "localhost",
      ".",
      ":",
      "@",
      "[",
      "]",
      "/",
      "evil",
      "127",
      "1",
      "%",
      " ",
    );
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 60 }), (text) => {
        if (codeFor(tcp("127.0.0.1"), [["Host", text]]) !== "passes") return;
        expect(text).toMatch(/^(?:localhost\.?|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/iu);
      }),
      { seed: 1, numRuns: 5000 },
    );
  });
});

describe("parseHost", () => {
  test("reads what URL writes", () => {
    fc.assert(
      fc.property(fc.webAuthority(), (authority) => {
        const { host, port } = new URL(`https://${authority}`);
        if (authority !== host || authority.includes("@")) return;
        expect(parseHost(authority)?.port ?? "").toBe(port);
      }),
      { seed: 1 },
    );
  });
});

describe("the Origin header", () => {
  const address = tcp("127.0.0.1");
  const origins = ["https://app.example.org"];
  const codeWith = (...values: readonly string[]): string =>
    codeFor(
      address,
      [["Host", "localhost"], ...values.map((value) => ["Origin", value] as const)],
      { origins },
    );

  test("may be missing, as programs send none", () => {
    expect(codeWith()).toBe("passes");
  });

  test("must be an allowed page, exactly", () => {
    expect(codeWith("https://app.example.org")).toBe("passes");
    for (const origin of [
      "https://app.example.org.evil.example",
      "http://app.example.org",
      "https://app.example.org:8443",
      "http://localhost:8080",
      "http://127.0.0.1",
      "null",
      "",
    ]) {
      expect(codeWith(origin)).toBe("origin-not-allowed");
    }
    expect(codeWith("https://app.example.org", "https://evil.example")).toBe("origin-not-allowed");
  });

  test("matters on a Unix socket too", () => {
    const headers = [
      ["Host", "x"],
      ["Origin", "https://evil.example"],
    ] as const;
    expect(codeFor({ kind: "unix", path: "/run/s" }, headers)).toBe("origin-not-allowed");
  });
});
