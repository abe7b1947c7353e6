import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { createChangedKeys } from "../../plugin/changed-keys.ts";
import { codeOf } from "./open-folder.ts";

/** Yields every path once it is watched, and again whenever its folder has news about it, until the signal aborts. */
export async function* watchFiles(
  root: string,
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const changed = createChangedKeys();
  using stack = new DisposableStack();
  for (const [folder, keys] of Map.groupBy(paths, (path) => dirname(path))) {
    const watcher = openWatcher(join(root, folder), (name) => {
      changed.add(name === null ? keys : keys.filter((key) => key === join(folder, name)));
    });
    if (watcher === undefined) continue;
    stack.defer(() => watcher.close());
    // A folder that goes away takes its files with it.
    watcher.on("error", () => changed.add(keys));
  }
  changed.add(paths);
  yield* changed.follow(signal);
}

/** Of a folder that is not there nothing can be told until it is watched anew. */
function openWatcher(path: string, onNews: (name: string | null) => void) {
  try {
    return watch(path, (_, name) => onNews(name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
