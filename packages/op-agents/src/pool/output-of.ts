import type { JsonValue } from "op-core";
import type { Task } from "./task.ts";

/** Settles as the task does; when the signal aborts, the task is cancelled. */
export async function outputOf(
  task: Task,
  { signal }: { readonly signal: AbortSignal },
): Promise<JsonValue> {
  const cancel = () => task.cancel("whoever wanted it does not any more");
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const outcome = await task.outcome;
  signal.removeEventListener("abort", cancel);
  if (outcome.kind === "done") return outcome.output;
  signal.throwIfAborted();
  throw outcome.error;
}
