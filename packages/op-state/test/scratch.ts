import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that goes away with the test. */
export interface Scratch extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder for one test. */
export async function openScratch(): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), "op-state-"));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
