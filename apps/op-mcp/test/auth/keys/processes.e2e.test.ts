import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemClock } from "op-core";
import { expect, test } from "vitest";
import { createFileKeyStore } from "../../../src/auth/keys/file-key-store.ts";
import { openTempFolder } from "../../secrets/temp-folder.ts";

test("processes that start at once lose no key, and have one local token", async () => {
  await using folder = await openTempFolder();
  const script = join(import.meta.dirname, "make-keys.ts");
  const args = ["--conditions=@op-mcp/source", script, folder.path];
  const ends = await Promise.all(
    Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, args)),
  );
  expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
  const store = createFileKeyStore({
    path: join(folder.path, "api-keys.json"),
    clock: systemClock,
  });
  const { signal } = new AbortController();
  expect(await store.list({ signal })).toHaveLength(40);
});
