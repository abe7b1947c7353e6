import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that exists until it is disposed. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty directory; disposing removes it with everything in it. */
export async function openTempDir(): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), "op-mcp-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
