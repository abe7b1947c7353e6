import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditKey, openAuditLog } from "../../src/index.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

test("makes a key that only its owner can read, and finds it again", async () => {
  await using directory = await makeTempDirectory();
  const path = join(directory.path, "audit.key");
  const made = await openAuditKey({ path, name: "example" });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const found = await openAuditKey({ path, name: "example", isCreated: false });
  expect(found.verifier).toBe(made.verifier);
  expect(found.digest("x")).toBe(made.digest("x"));
});

test("makes one key when many need it at once, and leaves nothing beside it", async () => {
  await using directory = await makeTempDirectory();
  const names = Array.from({ length: 10 }, (_, index) => `${index}.key`);
  for (const name of names) {
    const path = join(directory.path, name);
    const keys = await Promise.all([0, 1, 2].map(() => openAuditKey({ path, name: "example" })));
    expect(new Set(keys.map(({ verifier }) => verifier)).size).toBe(1);
  }
  expect((await readdir(directory.path)).toSorted()).toEqual(names.toSorted());
});

test("refuses a key that others can read, that is none, or that is not there", async () => {
  await using directory = await makeTempDirectory();
  const path = join(directory.path, "audit.key");
  const refused = expect.objectContaining({ code: "ERR_AUDIT_KEY" });
  await expect(openAuditKey({ path, name: "example", isCreated: false })).rejects.toEqual(refused);
  await openAuditKey({ path, name: "example" });
  await expect(openAuditKey({ path, name: "two words" })).rejects.toEqual(refused);
  await chmod(path, 0o644);
  await expect(openAuditKey({ path, name: "example" })).rejects.toEqual(refused);
  await writeFile(join(directory.path, "other"), "nothing", { mode: 0o600 });
  await expect(openAuditKey({ path: join(directory.path, "other"), name: "e" })).rejects.toEqual(
    refused,
  );
});

test("refuses a key inside the log's directory", async () => {
  await using directory = await makeTempDirectory();
  const key = await openAuditKey({ path: join(directory.path, "audit.key"), name: "example" });
  await expect(openAuditLog({ directory: directory.path, key })).rejects.toMatchObject({
    code: "ERR_AUDIT_KEY",
  });
});
