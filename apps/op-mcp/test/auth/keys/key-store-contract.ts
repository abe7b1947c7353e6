import { expect, test } from "vitest";
import type { ApiKeyRecord } from "../../../src/auth/keys/api-key-record.ts";
import type { ApiKeyStore } from "../../../src/auth/keys/api-key-store.ts";

/** A store under test, and a way to it as another process has it. */
export interface KeyStoreHarness extends AsyncDisposable {
  readonly store: ApiKeyStore;
  /** The same keys, by a store of its own where there can be one. */
  readonly other: ApiKeyStore;
}

const signal = new AbortController().signal;

/** A key with every field there is. */
export function keyOf(id: string, more: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    id,
    name: `the key ${id}`,
    scopes: ["mcp.read", "mcp.write"],
    createdAtMs: 1,
    expiresAtMs: 2,
    revokedAtMs: 3,
    lastUsedAtMs: 4,
    secrets: [
      { hash: "a", createdAtMs: 5, untilMs: 6 },
      { hash: "b", createdAtMs: 7 },
    ],
    ...more,
  };
}

/** What every {@link ApiKeyStore} promises. */
export function describeKeyStore(open: () => Promise<KeyStoreHarness>): void {
  test("is empty at first", async () => {
    await using harness = await open();
    expect(await harness.store.list({ signal })).toEqual([]);
    expect(await harness.store.find("a", { signal })).toBeUndefined();
  });

  test("gives back every field of what was put into it, in order", async () => {
    await using harness = await open();
    for (const id of ["b", "a"]) await harness.store.edit(id, () => keyOf(id), { signal });
    expect(await harness.store.list({ signal })).toEqual([keyOf("b"), keyOf("a")]);
    expect(await harness.store.find("a", { signal })).toEqual(keyOf("a"));
  });

  test("shows a change to everybody at once", async () => {
    await using harness = await open();
    await harness.store.edit("a", () => keyOf("a"), { signal });
    expect(await harness.other.find("a", { signal })).toEqual(keyOf("a"));
    for (const name of ["first", "second"]) {
      await harness.other.edit("a", () => keyOf("a", { name }), { signal });
      expect((await harness.store.find("a", { signal }))?.name).toBe(name);
    }
  });

  test("loses no change of those made at the same time", async () => {
    await using harness = await open();
    const count = (key: ApiKeyRecord | undefined): ApiKeyRecord =>
      keyOf("a", { createdAtMs: (key?.createdAtMs ?? 0) + 1 });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? harness.store : harness.other).edit("a", count, { signal }),
      ),
    );
    expect((await harness.store.find("a", { signal }))?.createdAtMs).toBe(20);
  });

  test("changes nothing when a change fails", async () => {
    await using harness = await open();
    await harness.store.edit("a", () => keyOf("a"), { signal });
    const error = new TypeError("no");
    const failing = harness.store.edit(
      "a",
      () => {
        throw error;
      },
      { signal },
    );
    await expect(failing).rejects.toThrow("no");
    expect(await harness.store.list({ signal })).toEqual([keyOf("a")]);
  });

  test("does nothing for whoever has left", async () => {
    await using harness = await open();
    const reason = new Error("left");
    const left = { signal: AbortSignal.abort(reason) };
    await expect(harness.store.edit("a", () => keyOf("a"), left)).rejects.toBe(reason);
    expect(await harness.store.list({ signal })).toEqual([]);
  });
}
