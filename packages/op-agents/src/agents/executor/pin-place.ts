import { openEntry, openPlace } from "../places/place.ts";
import { findRoots } from "../places/root.ts";
import { refusal } from "./refusal.ts";

/** A place that is held open: whatever takes its name from now on, a program that is handed it gets what was checked. */
export interface PinnedPlace extends AsyncDisposable {
  /** With all links resolved; for people. */
  readonly path: string;
  readonly fd: number;
  readonly isFolder: boolean;
}

/** Holds a file or folder open that was checked, or refuses what has become something else since. */
export async function pinPlace(path: string, folders: readonly string[]): Promise<PinnedPlace> {
  const roots = findRoots({ readable: folders, writable: [] });
  await using place = await openPlace(path, { roots, isFollowed: false });
  await using opened = new AsyncDisposableStack();
  const entry = await openEntry(place);
  if (entry === undefined) throw refusal(path, "it was taken away while it was looked at");
  opened.use(entry);
  const isFolder = entry.stats.isDirectory();
  if (!isFolder && !entry.stats.isFile()) {
    throw refusal(path, "it became something else while it was looked at");
  }
  const owned = opened.move();
  return {
    path: place.path,
    fd: entry.fd,
    isFolder,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
