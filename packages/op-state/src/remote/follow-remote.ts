import type { JsonValue } from "op-core";
import { createChangedKeys } from "../plugin/changed-keys.ts";
import type { RemotePluginPort } from "./remote-port.ts";

/** Yields the keys that a plugin elsewhere reports while it watches, until the signal aborts or it stops. */
export async function* followRemote(
  port: RemotePluginPort,
  keys: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const changed = createChangedKeys();
  const onProgress = (data: JsonValue) => changed.add(keyIn(data, keys));
  const watching = port.call("watch", { keys: [...keys] }, { signal: both, onProgress });
  const ended = watching.then(
    () => stop.abort(),
    (error: unknown) => stop.abort(error),
  );
  try {
    yield* changed.follow(both);
    // Whoever stops watching by itself has a reason.
    if (!signal.aborted) await watching;
  } finally {
    stop.abort();
    await ended;
  }
}

/** What is not watched is not news. */
function keyIn(data: JsonValue, keys: readonly string[]): readonly string[] {
  if (typeof data !== "object" || data === null) return [];
  const key = Object.entries(data).find(([name]) => name === "key")?.[1];
  return typeof key === "string" && keys.includes(key) ? [key] : [];
}
