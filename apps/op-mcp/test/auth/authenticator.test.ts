import { createManualClock, type ManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import type { Peer } from "../../src/auth/auth-request.ts";
import { refuse, type MethodResult } from "../../src/auth/auth-result.ts";
import {
  createAuthenticator,
  type AuthenticatorOptions,
  type AuthEvent,
  type BearerMethod,
  type ConnectionMethod,
} from "../../src/auth/authenticator.ts";
import { Challenges } from "../../src/auth/challenges.ts";
import { bearer, from, request } from "./request.ts";

const signal = new AbortController().signal;

function letIn(id: string): MethodResult {
  return { kind: "authenticated", principal: { id, scopes: [] }, method: "api-key" };
}

/** Takes `PREFIX-good`, and claims tokens as `key:PREFIX`. */
function method(prefix: string): BearerMethod {
  return {
    name: "api-key",
    recognises: (token) => token.startsWith(prefix),
    claimedBy: () => `key:${prefix}`,
    authenticate: async (token) => {
      const isGood = token === `${prefix}-good`;
      return await Promise.resolve(isGood ? letIn(prefix) : refuse("invalid", "It is not valid."));
    },
  };
}

const bySocket: ConnectionMethod = {
  name: "unix-socket",
  identify: (peer) => (peer.kind === "unix" ? letIn("socket") : undefined),
};

class House {
  readonly clock: ManualClock = createManualClock({ startMs: 1000 });
  readonly events: AuthEvent[] = [];
  readonly authenticator;

  constructor(options: Partial<AuthenticatorOptions> = {}) {
    this.authenticator = createAuthenticator({
      bearer: [method("a"), method("ab"), method("b")],
      connection: [bySocket],
      isAnonymousAllowed: false,
      challenges: new Challenges({ scopes: [] }),
      brake: { freeFailures: 2, initialDelayMs: 1000, maxDelayMs: 60_000, maxSources: 100 },
      clock: this.clock,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  async outcome(token: string, peer: Peer = from("192.0.2.7")): Promise<string> {
    const result = await this.authenticator.authenticate(bearer(token, peer), { signal });
    return result.kind === "refused" ? `${result.status} ${result.code}` : result.principal.id;
  }
}

describe("who is asked", () => {
  test("is the first method that recognises the token, and no other", async () => {
    const house = new House();
    expect(await house.outcome("b-good")).toBe("b");
    expect(await house.outcome("ab-good")).toBe("401 invalid");
    expect(await house.outcome("c-good")).toBe("401 invalid");
  });

  test("is never a weaker method after a refusal, nor anybody at all", async () => {
    const house = new House({ isAnonymousAllowed: true });
    const socket = { kind: "unix" } as const;
    expect(await house.outcome("a-bad", socket)).toBe("401 invalid");
    expect(await house.outcome("a-good", socket)).toBe("a");
    for (const headers of [
      [["Authorization", "Basic YTpi"]],
      [["Authorization", "Bearer"]],
      [
        ["Authorization", "Bearer a-good"],
        ["Authorization", "Bearer a-good"],
      ],
    ] as const) {
      const result = await house.authenticator.authenticate(request(headers, { peer: socket }), {
        signal,
      });
      expect(result.kind).toBe("refused");
    }
  });

  test("is the connection when there is no token, and then whether anybody may enter", async () => {
    const nothing = request();
    const byUnix = request([], { peer: { kind: "unix" } });
    const closed = new House().authenticator;
    expect(await closed.authenticate(byUnix, { signal })).toMatchObject({
      principal: { id: "socket" },
    });
    expect(await closed.authenticate(nothing, { signal })).toEqual({
      kind: "refused",
      status: 401,
      code: "no-credential",
      method: "none",
      reason: "This server wants a token.",
      wwwAuthenticate: 'Bearer realm="op-mcp"',
    });
    const open = new House({ isAnonymousAllowed: true }).authenticator;
    expect(await open.authenticate(nothing, { signal })).toEqual({
      kind: "authenticated",
      principal: { id: "anonymous", scopes: [] },
      method: "anonymous",
    });
  });
});

describe("who comes again", () => {
  test("is the same object, by which it is known what was decided for them", async () => {
    let scopes: readonly string[] = ["read"];
    const granted = {
      ...method("a"),
      authenticate: () =>
        Promise.resolve({
          kind: "authenticated",
          method: "api-key",
          principal: { id: "key:1", scopes: [...scopes] },
        } as const),
    };
    const { authenticator } = new House({ bearer: [granted] });
    const come = async () => {
      const result = await authenticator.authenticate(bearer("a-good"), { signal });
      return result.kind === "authenticated" ? result.principal : undefined;
    };
    const first = await come();
    expect(await come()).toBe(first);
    scopes = [];
    expect(await come()).toEqual({ id: "key:1", scopes: [] });
    scopes = ["read"];
    expect(await come()).toBe(first);
  });
});

describe("failures", () => {
  test("are told, without the credential", async () => {
    const house = new House();
    await house.outcome("a-hunter2");
    await house.authenticator.authenticate(
      request([["Authorization", "Basic hunter2"]], { url: "/mcp?access_token=hunter2" }),
      { signal },
    );
    expect(house.events).toEqual([
      {
        kind: "authentication-failed",
        atMs: 1000,
        address: "192.0.2.7",
        method: "api-key",
        code: "invalid",
        reason: "It is not valid.",
        claimedBy: "key:a",
      },
      expect.objectContaining({ code: "token-in-url", method: "none", address: "127.0.0.1" }),
    ]);
    expect(JSON.stringify(house.events)).not.toContain("hunter2");
  });

  test("slow their address, longer each time, and no other", async () => {
    const house = new House();
    for (let count = 0; count < 3; count += 1) await house.outcome("c-guess");
    const result = await house.authenticator.authenticate(bearer("c-guess", from("192.0.2.7")), {
      signal,
    });
    expect(result).toMatchObject({ status: 429, code: "too-many-attempts", retryAfterMs: 1000 });
    expect(await house.outcome("b-good")).toBe("429 too-many-attempts");
    expect(await house.outcome("b-good", from("192.0.2.8"))).toBe("b");
    await house.clock.advance(1000);
    expect(await house.outcome("c-guess")).toBe("401 invalid");
    await house.clock.advance(1000);
    expect(await house.outcome("c-guess")).toBe("429 too-many-attempts");
    expect(house.events).toHaveLength(7);
  });

  test("slow the key they were tried with, from wherever they come", async () => {
    const house = new House();
    for (let count = 0; count < 3; count += 1)
      await house.outcome("b-guess", from(`192.0.2.${count}`));
    expect(await house.outcome("b-guess", from("198.51.100.1"))).toBe("429 too-many-attempts");
    expect(await house.outcome("a-good", from("198.51.100.1"))).toBe("a");
  });

  test("do not lock out who was let in before", async () => {
    const house = new House();
    expect(await house.outcome("b-good")).toBe("b");
    for (let count = 0; count < 9; count += 1) await house.outcome("b-guess");
    expect(await house.outcome("b-guess")).toBe("429 too-many-attempts");
    expect(await house.outcome("b-good")).toBe("b");
    expect(await house.outcome("b-good", from("198.51.100.1"))).toBe("b");
  });

  test("of headers count as well", async () => {
    const house = new House();
    const broken = request([["Authorization", "Bearer a b"]]);
    const codes: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const result = await house.authenticator.authenticate(broken, { signal });
      codes.push(result.kind === "refused" ? result.code : "let in");
    }
    expect(codes).toEqual(["malformed", "malformed", "malformed", "too-many-attempts"]);
  });

  test("do not count where nobody tries anything: without a token, and with an old one", async () => {
    const expired: BearerMethod = {
      name: "oauth",
      recognises: () => true,
      authenticate: () => Promise.resolve(refuse("expired", "It has expired.")),
    };
    const house = new House({ bearer: [expired] });
    for (let count = 0; count < 20; count += 1) {
      expect(await house.outcome("old")).toBe("401 expired");
      const result = await house.authenticator.authenticate(request(), { signal });
      expect(result).toMatchObject({ code: "no-credential" });
    }
  });
});

test("whoever has left is not answered", async () => {
  const reason = new Error("left");
  const left = { signal: AbortSignal.abort(reason) };
  await expect(new House().authenticator.authenticate(request(), left)).rejects.toBe(reason);
});
