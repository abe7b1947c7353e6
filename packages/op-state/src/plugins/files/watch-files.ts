import { watch } from "node:fs";
import { dirname, join } from "node:path";

/** Yields the paths of files whose folders have news about them, until the signal aborts. */
export async function* watchFiles(
  root: string,
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const touched = new Set<string>();
  let wake = Promise.withResolvers<void>();
  using stack = new DisposableStack();
  const handleNews = (keys: readonly string[]) => {
    for (const key of keys) touched.add(key);
    wake.resolve();
  };
  for (const [folder, keys] of Map.groupBy(paths, (path) => dirname(path))) {
    const watcher = watch(join(root, folder), (_, name) => {
      const mine = name === null ? keys : keys.filter((key) => key === join(folder, name));
      if (mine.length > 0) handleNews(mine);
    });
    stack.defer(() => watcher.close());
    // A folder that goes away takes its files with it.
    watcher.on("error", () => handleNews(keys));
  }
  const handleAbort = () => wake.resolve();
  signal.addEventListener("abort", handleAbort);
  stack.defer(() => signal.removeEventListener("abort", handleAbort));
  while (!signal.aborted) {
    await wake.promise;
    wake = Promise.withResolvers<void>();
    const keys = [...touched];
    touched.clear();
    if (!signal.aborted) yield* keys;
  }
}
