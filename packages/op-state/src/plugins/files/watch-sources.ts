import { watchFiles } from "./watch-files.ts";

/** What is told of when files have news. */
export interface WatchedSources {
  readonly root: string;
  /** The files that resources are read from. */
  readonly files: readonly string[];
  readonly keys: readonly string[];
}

/** Yields every key once the files are watched, and again whenever one of them has news, until the signal aborts. */
export async function* watchSources(
  { root, files, keys }: WatchedSources,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let silent = files.length - 1;
  for await (const _path of watchFiles(root, files, signal)) {
    // At first each file is told once.
    if (silent > 0) silent -= 1;
    else yield* keys;
  }
}
