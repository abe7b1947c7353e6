import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeAbandonedFolders } from "../processes/abandoned-folders.ts";

/** A folder that nobody else can enter, in which the spawner takes the streams of children. */
export interface StreamFolder extends AsyncDisposable {
  readonly socket: string;
}

const prefix = "op-process-";

/** Makes the folder, and removes those that others left when they were killed. */
export async function openStreamFolder(): Promise<StreamFolder> {
  await removeAbandonedFolders(prefix);
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  return {
    socket: join(folder, "streams"),
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}
