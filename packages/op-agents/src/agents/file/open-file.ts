import { constants, type Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { atPlace, failedPlace, refusedPlace } from "../places/place-failure.ts";
import { openEntry, openPlace } from "../places/place.ts";
import type { FileSetting } from "./file-setting.ts";

/** A regular file, open for reading. */
export interface OpenedFile extends AsyncDisposable {
  readonly path: string;
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/** Opens a regular file for reading; a device or a pipe is refused before anything of it is touched. */
export async function openFile(path: string, { roots }: FileSetting): Promise<OpenedFile> {
  await using opened = new AsyncDisposableStack();
  const place = opened.use(await openPlace(path, { roots, isFollowed: true }));
  const entry = await atPlace(path, async () => await openEntry(place));
  if (entry === undefined) throw failedPlace(path, "it does not exist");
  opened.use(entry);
  checkRegular(path, entry.stats);
  const handle = opened.use(await atPlace(path, async () => await entry.open(constants.O_RDONLY)));
  const owned = opened.move();
  return {
    path: place.path,
    handle,
    stats: entry.stats,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** Refuses everything but regular files. */
export function checkRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw failedPlace(path, "it is a folder", "Use list_folder.");
  throw refusedPlace(
    path,
    "it is no regular file, but something that does something when it is read",
  );
}
