import * as fc from "fast-check";
import { silentLogger } from "op-core";
import { createManualClock, type ManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { createApiKeyMethod, type ApiKeyMethod } from "../../../src/auth/keys/api-key-method.ts";
import {
  formatApiKeyToken,
  makeApiKeyToken,
  parseApiKeyToken,
} from "../../../src/auth/keys/api-key-token.ts";
import type { ApiKeyStore } from "../../../src/auth/keys/api-key-store.ts";
import { createApiKeys, type ApiKeys } from "../../../src/auth/keys/api-keys.ts";
import { createMemoryKeyStore } from "../../../src/auth/keys/memory-key-store.ts";
import { from } from "../request.ts";

const signal = new AbortController().signal;
const hour = 60 * 60_000;

class House implements AsyncDisposable {
  readonly clock: ManualClock = createManualClock({ startMs: 10 * hour });
  readonly store: ApiKeyStore = createMemoryKeyStore();
  readonly keys: ApiKeys = createApiKeys({ store: this.store, clock: this.clock });
  readonly method: ApiKeyMethod = createApiKeyMethod({
    store: this.store,
    clock: this.clock,
    logger: silentLogger,
  });

  async make(ttlMs?: number) {
    const ttl = ttlMs === undefined ? {} : { ttlMs };
    return await this.keys.create({ name: "ci", scopes: ["mcp.read"], ...ttl, signal });
  }

  async outcome(token: string): Promise<string> {
    const result = await this.method.authenticate(token, from("192.0.2.7"), { signal });
    return result.kind === "refused" ? result.code : result.principal.id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.method[Symbol.asyncDispose]();
  }
}

describe("the token of a key", () => {
  test("is found by scanners, and gives id and secret back", () => {
    const parts = makeApiKeyToken();
    const token = formatApiKeyToken(parts);
    expect(token).toMatch(/^opmcp_key_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/u);
    expect(parseApiKeyToken(token)).toEqual(parts);
  });

  test("is never the same twice", () => {
    const tokens = Array.from({ length: 1000 }, () => formatApiKeyToken(makeApiKeyToken()));
    expect(new Set(tokens).size).toBe(1000);
  });

  test("is refused with any one character changed, left out or added", () => {
    const token = formatApiKeyToken(makeApiKeyToken());
    const place = fc.nat({ max: token.length - 1 });
    const character = fc.stringMatching(/^[A-Za-z0-9_]$/u);
    fc.assert(
      fc.property(place, character, fc.constantFrom(0, 1), (at, added, removed) => {
        const wrong = token.slice(0, at) + added + token.slice(at + removed);
        expect(parseApiKeyToken(wrong) === undefined || wrong === token).toBe(true);
        const shorter = token.slice(0, at) + token.slice(at + 1);
        expect(parseApiKeyToken(shorter)).toBeUndefined();
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("a key", () => {
  test("lets in as itself, with its scopes", async () => {
    await using house = new House();
    const { key, token } = await house.make(hour);
    const result = await house.method.authenticate(token.reveal(), from("192.0.2.7"), { signal });
    expect(result).toEqual({
      kind: "authenticated",
      principal: { id: `key:${key.id}`, scopes: ["mcp.read"] },
      method: "api-key",
      expiresAtMs: 11 * hour,
    });
  });

  test("is kept without anything that lets anybody in", async () => {
    await using house = new House();
    const { token } = await house.make();
    const kept = JSON.stringify(await house.store.list({ signal }));
    const secret = parseApiKeyToken(token.reveal())?.secret ?? "";
    expect(secret).toHaveLength(43);
    expect(kept).not.toContain(secret);
    expect(JSON.stringify(await house.keys.list({ signal }))).not.toContain("hash");
  });

  test("says nothing to whoever does not have its secret, not even whether it exists", async () => {
    await using house = new House();
    const { key } = await house.make();
    await house.keys.revoke(key.id, { signal });
    const reasons = await Promise.all(
      [makeApiKeyToken(key.id), makeApiKeyToken()].map((guess) =>
        house.method.authenticate(formatApiKeyToken(guess), from("192.0.2.7"), { signal }),
      ),
    );
    expect(reasons[0]).toMatchObject({ code: "invalid" });
    expect(reasons[0]).toEqual(reasons[1]);
  });

  test("ends when its time is over", async () => {
    await using house = new House();
    const { key, token } = await house.make(hour);
    await house.clock.advance(hour - 1);
    expect(await house.outcome(token.reveal())).toBe(`key:${key.id}`);
    await house.clock.advance(1);
    expect(await house.outcome(token.reveal())).toBe("expired");
    await expect(house.keys.rotate(key.id, { overlapMs: 0, signal })).rejects.toMatchObject({
      code: "ERR_API_KEY_UNKNOWN",
    });
  });

  test("ends at once when it is revoked, and stays so", async () => {
    await using house = new House();
    const { key, token } = await house.make();
    const first = await house.keys.revoke(key.id, { signal });
    expect(await house.outcome(token.reveal())).toBe("revoked");
    await house.clock.advance(hour);
    expect(await house.keys.revoke(key.id, { signal })).toEqual(first);
    expect(first.usableSecrets).toBe(0);
    await expect(house.keys.revoke("nobody", { signal })).rejects.toMatchObject({
      code: "ERR_API_KEY_UNKNOWN",
    });
  });

  test("goes on to be the same after a rotation, and its old token for a while", async () => {
    await using house = new House();
    const { key, token: old } = await house.make();
    const { token } = await house.keys.rotate(key.id, { overlapMs: hour, signal });
    expect(await house.outcome(token.reveal())).toBe(`key:${key.id}`);
    expect(await house.outcome(old.reveal())).toBe(`key:${key.id}`);
    expect((await house.keys.list({ signal }))[0]?.usableSecrets).toBe(2);
    await house.clock.advance(hour);
    expect(await house.outcome(token.reveal())).toBe(`key:${key.id}`);
    expect(await house.outcome(old.reveal())).toBe("revoked");
  });

  test("loses all its old tokens when it is rotated without overlap", async () => {
    await using house = new House();
    const { key, token: first } = await house.make();
    const { token: second } = await house.keys.rotate(key.id, { overlapMs: hour, signal });
    const { token: third } = await house.keys.rotate(key.id, { overlapMs: 0, signal });
    expect(await house.outcome(first.reveal())).toBe("invalid");
    expect(await house.outcome(second.reveal())).toBe("invalid");
    expect(await house.outcome(third.reveal())).toBe(`key:${key.id}`);
  });

  test.each([
    ["", []],
    ["\u001b[31m", []],
    ["x".repeat(65), []],
    ["ci", ["two words"]],
    ["ci", ['a"b']],
  ])("cannot be called %j with the scopes %j", async (name, scopes) => {
    await using house = new House();
    await expect(house.keys.create({ name, scopes, signal })).rejects.toMatchObject({
      code: "ERR_API_KEY_INVALID",
    });
  });
});

describe("the last use", () => {
  test("is noted to the hour, later, and once an hour", async () => {
    await using house = new House();
    const { token } = await house.make();
    const seen = async () => (await house.keys.list({ signal }))[0]?.lastUsedAtMs;
    await house.clock.advance(10 * 60_000);
    await house.outcome(token.reveal());
    expect(await seen()).toBeUndefined();
    await house.clock.advance(30_000);
    expect(await seen()).toBe(10 * hour);
    await house.outcome(token.reveal());
    expect(house.clock.pendingTimers).toBe(0);
    await house.clock.advance(hour);
    await house.outcome(token.reveal());
    await house.clock.advance(30_000);
    expect(await seen()).toBe(11 * hour);
  });

  test("is written before the server leaves", async () => {
    const house = new House();
    const { token } = await house.make();
    await house.outcome(token.reveal());
    await house[Symbol.asyncDispose]();
    expect((await house.keys.list({ signal }))[0]?.lastUsedAtMs).toBe(10 * hour);
    expect(house.clock.pendingTimers).toBe(0);
  });
});
