import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "op-core";
import { expect, it } from "vitest";
import { createTokenVault } from "../../../src/upstreams/auth/token-vault.ts";
import { openTempFolder } from "../../secrets/temp-folder.ts";

const { signal } = new AbortController();
const record = { tokens: { access_token: "secret-token", token_type: "Bearer" } };

it("keeps tokens so that nobody can read them without the key, by owner", async () => {
  await using folder = await openTempFolder();
  const vault = createTokenVault({ directory: folder.path, clock: systemClock });
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
  const vault = createTokenVault({ directory: folder.path, clock: systemClock });
  await vault.open({ upstream: "a", user: undefined }).write(record, { signal });
  const path = join(folder.path, "a.token");
  await copyFile(path, join(folder.path, "b.token"));
  const refused = { code: "ERR_UPSTREAM_TOKENS" };
  const other = vault.open({ upstream: "b", user: undefined });
  await expect(other.read({ signal })).rejects.toMatchObject(refused);
  const bytes = Buffer.from(await readFile(path, "utf8"), "base64");
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  await writeFile(path, bytes.toString("base64"), { mode: 0o600 });
  const changed = vault.open({ upstream: "a", user: undefined });
  await expect(changed.read({ signal })).rejects.toMatchObject(refused);
});
