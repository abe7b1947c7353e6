import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { acquireChangeLock } from "../../../src/auth/files/change-lock.ts";
import { createFileKeyStore } from "../../../src/auth/keys/file-key-store.ts";
import { createMemoryKeyStore } from "../../../src/auth/keys/memory-key-store.ts";
import { openTempFolder } from "../../secrets/temp-folder.ts";
import { describeKeyStore, keyOf } from "./key-store-contract.ts";

const signal = new AbortController().signal;

async function openFile() {
  const folder = await openTempFolder();
  const path = join(folder.path, "state", "api-keys.json");
  const make = () => createFileKeyStore({ path, clock: systemClock });
  return {
    path,
    store: make(),
    other: make(),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe("keys in a file", () => {
  describeKeyStore(openFile);

  test("are made at the first change, readable by their owner only", async () => {
    await using file = await openFile();
    await file.store.list({ signal });
    expect(existsSync(file.path)).toBe(false);
    await file.store.edit("a", () => keyOf("a"), { signal });
    const folder = join(file.path, "..");
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
    }
    expect(readdirSync(folder)).toEqual(["api-keys.json", "api-keys.json.lock"]);
  });

  test("let nobody in when others can read them", async () => {
    await using file = await openFile();
    await file.store.edit("a", () => keyOf("a"), { signal });
    await file.store.find("a", { signal });
    chmodSync(file.path, 0o640);
    await expect(file.store.find("a", { signal })).rejects.toMatchObject({
      code: "ERR_SECRET_EXPOSED",
    });
  });

  test.each([
    ["is no JSON", "{"],
    ["is of another version", '{"version":2,"keys":[]}'],
    [
      "has a key without a time",
      '{"version":1,"keys":[{"id":"a","name":"a","scopes":[],"secrets":[]}]}',
    ],
    [
      "has a limit that is no time",
      '{"version":1,"keys":[{"id":"a","name":"a","scopes":[],"createdAtMs":1,"expiresAtMs":null,"secrets":[]}]}',
    ],
    [
      "has a secret that is none",
      '{"version":1,"keys":[{"id":"a","name":"a","scopes":[],"createdAtMs":1,"secrets":[{"hash":1}]}]}',
    ],
  ])("are not used, and not overwritten, where the file %s", async (_what, text) => {
    await using file = await openFile();
    await file.store.edit("a", () => keyOf("a"), { signal });
    writeFileSync(file.path, text);
    const refused = { code: "ERR_API_KEY_STORE", message: expect.stringContaining(file.path) };
    await expect(file.store.find("a", { signal })).rejects.toMatchObject(refused);
    await expect(file.store.edit("a", () => keyOf("a"), { signal })).rejects.toMatchObject(refused);
    expect(readFileSync(file.path, "utf8")).toBe(text);
  });

  test("wait for another process that changes them, but not for ever", async () => {
    await using file = await openFile();
    await file.store.edit("a", () => keyOf("a"), { signal });
    const clock = createManualClock();
    const store = createFileKeyStore({ path: file.path, clock });
    using _lock = await acquireChangeLock(file.path, { signal });
    const change = store.edit("b", () => keyOf("b"), { signal });
    const outcome = change.catch((error: unknown) => error);
    while (clock.pendingTimers === 0) await clock.advance(0);
    await clock.advance(6000);
    expect(await outcome).toMatchObject({ code: "ERR_AUTH_FILE_BUSY", retryable: true });
    expect(await store.find("a", { signal })).toEqual(keyOf("a"));
  });
});

describe("keys in memory", () => {
  describeKeyStore(async () => {
    const store = createMemoryKeyStore();
    return await Promise.resolve({
      store,
      other: store,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  });
});
