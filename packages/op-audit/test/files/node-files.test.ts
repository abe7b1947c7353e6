import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../../src/index.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    if (text === "fail") throw new Error("no more");
    yield Buffer.from(text);
  }
}

test("appends, takes back, and appends again, for the owner and the group alone", async () => {
  await using directory = await makeTempDirectory();
  const path = join(directory.path, "file");
  const file = await nodeFiles.openAppend(path);
  await file.append(Buffer.from("one two"));
  await file.truncate(3);
  await file.append(Buffer.from(" three"));
  await file.sync();
  expect(file.size).toBe(9);
  await file.close();
  expect(await readFile(path, "utf8")).toBe("one three");
  expect((await stat(path)).mode & 0o007).toBe(0);
  const again = await nodeFiles.openAppend(path);
  expect(again.size).toBe(9);
  await again.close();
});

test("replaces a file as a whole or not at all", async () => {
  await using directory = await makeTempDirectory();
  const path = join(directory.path, "file");
  await writeFile(path, "old");
  await expect(nodeFiles.replace(path, chunks("new", "fail"))).rejects.toThrow("no more");
  expect(await readFile(path, "utf8")).toBe("old");
  await nodeFiles.replace(path, chunks("new", "er"));
  expect(await readFile(path, "utf8")).toBe("newer");
  await nodeFiles.syncDirectory(directory.path);
  expect(await readdir(directory.path)).toEqual(["file"]);
  await nodeFiles.remove(path);
  await nodeFiles.remove(path);
  expect(await readdir(directory.path)).toEqual([]);
});
