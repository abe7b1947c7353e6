import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that exists until it is disposed. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty directory that only its owner can enter; disposing removes it with everything in it. */
export async function openTempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), "op-mcp-auth-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
