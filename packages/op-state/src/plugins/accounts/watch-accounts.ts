import { watchFiles } from "../files/watch-files.ts";

const files = ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow"];

/** Yields every account once it is watched, and again whenever the files of accounts have news. */
export async function* watchAccounts(
  root: string,
  keys: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  let silent = files.length - 1;
  for await (const _path of watchFiles(root, files, signal)) {
    // At first each file is told once.
    if (silent > 0) silent -= 1;
    else yield* keys;
  }
}
