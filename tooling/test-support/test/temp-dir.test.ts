import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTempDir } from "../src/temp-dir.ts";

test("a temporary directory is removed with everything in it", async () => {
  const folder = await openTempDir();
  await writeFile(join(folder.path, "file"), "content");
  await folder[Symbol.asyncDispose]();
  expect(existsSync(folder.path)).toBe(false);
});
