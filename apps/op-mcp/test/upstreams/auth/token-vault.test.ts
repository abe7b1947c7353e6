import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "op-core";
import { expect, it } from "vitest";
import { createTokenVault, type TokenVault } from "../../../src/upstreams/auth/token-vault.ts";
import { openTempFolder } from "../../secrets/temp-folder.ts";

const { signal } = new AbortController();
const record = { tokens: { access_token: "secret-token", token_type: "Bearer" } };

function openVault(
  directory: string,
  tokenKey = "",
  oldTokenKeys: readonly string[] = [],
): TokenVault {
  const places = () => ({ tokenKey, oldTokenKeys: [...oldTokenKeys] });
  return createTokenVault({ directory, places, env: keys, clock: systemClock });
}

const keys = { FIRST: "f".repeat(32), SECOND: "s".repeat(32), SHORT: "secret" };
const everybody = { upstream: "a", user: undefined };

it("keeps tokens so that nobody can read them without the key, by owner", async () => {
  await using folder = await openTempFolder();
  const vault = openVault(folder.path);
  const [shared, alice] = [undefined, "alice"].map((user) => vault.open({ upstream: "a", user }));
  expect(await shared?.read({ signal })).toEqual({});
  await shared?.write(record, { signal });
  expect(await vault.open({ upstream: "a", user: undefined }).read({ signal })).toEqual(record);
  expect(await alice?.read({ signal })).toEqual({});
  const texts = (await readdir(folder.path)).map((name) =>
    readFile(join(folder.path, name), "utf8"),
  );
  expect((await Promise.all(texts)).join("")).not.toContain("secret-token");
});

it("does not take one owner's tokens for another's, nor what somebody changed", async () => {
  await using folder = await openTempFolder();
  const vault = openVault(folder.path);
  await vault.open({ upstream: "a", user: undefined }).write(record, { signal });
  const path = join(folder.path, "a.token");
  await copyFile(path, join(folder.path, "b.token"));
  const refused = { code: "ERR_UPSTREAM_TOKEN_SEAL" };
  const other = vault.open({ upstream: "b", user: undefined });
  await expect(other.read({ signal })).rejects.toMatchObject(refused);
  const bytes = Buffer.from(await readFile(path, "utf8"), "base64");
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  await writeFile(path, bytes.toString("base64"), { mode: 0o600 });
  const changed = vault.open({ upstream: "a", user: undefined });
  await expect(changed.read({ signal })).rejects.toMatchObject(refused);
});

it("seals with a configured key, and makes none of its own", async () => {
  await using folder = await openTempFolder();
  await openVault(folder.path, "env:FIRST").open(everybody).write(record, { signal });
  expect(await readdir(folder.path)).toEqual(["a.token"]);
  const read = openVault(folder.path, "env:FIRST").open(everybody).read({ signal });
  expect(await read).toEqual(record);
  const other = openVault(folder.path, "env:SECOND").open(everybody).read({ signal });
  await expect(other).rejects.toMatchObject({
    code: "ERR_UPSTREAM_TOKEN_SEAL",
    advice: expect.stringContaining("upstreams.oldTokenKeys"),
  });
});

it.each([
  ["its own to a configured one", "", "env:FIRST", []],
  ["one configured to another", "env:FIRST", "env:SECOND", ["env:FIRST"]],
  ["a configured one to its own", "env:FIRST", "", ["env:FIRST"]],
])("seals tokens anew when the key changes from %s", async (_what, before, after, old) => {
  await using folder = await openTempFolder();
  await openVault(folder.path, before).open(everybody).write(record, { signal });
  const changed = openVault(folder.path, after, old).open(everybody);
  expect(await changed.read({ signal })).toEqual(record);
  // Neither the old key nor the file beside them is needed any more.
  const key = join(folder.path, "key");
  if (after !== "") await rm(key, { force: true });
  expect(await openVault(folder.path, after).open(everybody).read({ signal })).toEqual(record);
});

it("seals anew also where who reads is about to write", async () => {
  await using folder = await openTempFolder();
  await openVault(folder.path, "env:FIRST").open(everybody).write(record, { signal });
  const changed = openVault(folder.path, "env:SECOND", ["env:FIRST"]).open(everybody);
  const renewed = { tokens: { ...record.tokens, access_token: "renewed" } };
  await changed.exclusively(
    async () => {
      expect(await changed.read({ signal })).toEqual(record);
      await changed.write(renewed, { signal });
    },
    { signal },
  );
  const read = openVault(folder.path, "env:SECOND").open(everybody).read({ signal });
  expect(await read).toEqual(renewed);
});

it.each(["credential", "command", "file"])("seals with a key from a %s", async (kind) => {
  await using folder = await openTempFolder();
  await using keeping = await openTempFolder();
  await writeFile(join(keeping.path, "vault"), `${"k".repeat(32)}\n`, { mode: 0o600 });
  const path = join(keeping.path, "vault");
  const places: Readonly<Record<string, string>> = {
    credential: "credential:vault",
    command: `command:/bin/cat ${path}`,
    file: `file:${path}`,
  };
  const tokenKey = places[kind] ?? "";
  const open = (): TokenVault =>
    createTokenVault({
      directory: folder.path,
      places: () => ({ tokenKey, oldTokenKeys: [] }),
      env: { CREDENTIALS_DIRECTORY: keeping.path },
      clock: systemClock,
    });
  await open().open(everybody).write(record, { signal });
  expect(await readdir(folder.path)).toEqual(["a.token"]);
  expect(await open().open(everybody).read({ signal })).toEqual(record);
  await writeFile(path, "o".repeat(32), { mode: 0o600 });
  await expect(open().open(everybody).read({ signal })).rejects.toMatchObject({
    code: "ERR_UPSTREAM_TOKEN_SEAL",
  });
  await rm(path);
  await expect(open().open(everybody).read({ signal })).rejects.toMatchObject({
    code: "ERR_SECRET_UNAVAILABLE",
  });
});

it("takes no key that is too short, and does not tell it", async () => {
  await using folder = await openTempFolder();
  const writing = openVault(folder.path, "env:SHORT").open(everybody).write(record, { signal });
  const error: unknown = await writing.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "ERR_UPSTREAM_TOKEN_KEY" });
  expect(String(error)).not.toContain(keys.SHORT);
});
