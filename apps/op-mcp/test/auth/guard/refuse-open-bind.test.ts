import { describe, expect, test } from "vitest";
import { isLoopbackHost, isWildcardHost } from "../../../src/auth/guard/listen-address.ts";
import { refuseOpenBind } from "../../../src/auth/guard/refuse-open-bind.ts";

const nothing = { apiKeys: 0, issuers: 0, certificates: 0, isAnonymousAllowed: false };

describe("refuseOpenBind", () => {
  test.each(["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "0:0:0:0:0:0:0:1"])(
    "lets %s be listened on with nothing but the local token, and by anybody",
    (host) => {
      refuseOpenBind({ kind: "tcp", host }, nothing);
      refuseOpenBind({ kind: "tcp", host }, { ...nothing, isAnonymousAllowed: true });
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  test("lets a Unix socket be listened on", () => {
    expect(() => refuseOpenBind({ kind: "unix", path: "/run/s" }, nothing)).not.toThrow();
  });

  test.each(["0.0.0.0", "::", "", "192.0.2.7", "mcp.example.org", "127.evil.example", "::2"])(
    "refuses %j without a way to know who calls, and says what to do",
    (host) => {
      expect(() => refuseOpenBind({ kind: "tcp", host }, nothing)).toThrow(
        expect.objectContaining({
          code: "ERR_AUTH_OPEN_BIND",
          advice: expect.stringContaining("op-mcp keys create"),
        }),
      );
      for (const way of ["apiKeys", "issuers", "certificates"]) {
        refuseOpenBind({ kind: "tcp", host }, { ...nothing, [way]: 1 });
      }
    },
  );

  test("refuses to let anybody in from elsewhere, whatever else is configured", () => {
    const all = { apiKeys: 1, issuers: 1, certificates: 1, isAnonymousAllowed: true };
    expect(() => refuseOpenBind({ kind: "tcp", host: "0.0.0.0" }, all)).toThrow(
      expect.objectContaining({ advice: expect.stringContaining("isAnonymousAllowed") }),
    );
  });
});

test("wildcards are told from addresses", () => {
  expect(["", "0.0.0.0", "::", "[::]"].filter((host) => !isWildcardHost(host))).toEqual([]);
  expect(["127.0.0.1", "::1", "a"].filter(isWildcardHost)).toEqual([]);
});
