import { createEventBoard } from "op-core";
import type { ShellSet } from "./shell-set.ts";
import type { ShellEvent } from "./upstream-shell.ts";

/**
 * Follows all servers, also those that come later.
 *
 * @yields what each of them tells
 */
export async function* followShells(
  shells: ShellSet,
  signal: AbortSignal,
): AsyncGenerator<ShellEvent> {
  const all = createEventBoard<ShellEvent>();
  const events = all.read(signal);
  const followed = new Set<object>();
  const followNew = (): void => {
    for (const shell of shells.all) {
      if (followed.has(shell)) continue;
      followed.add(shell);
      void (async () => {
        for await (const event of shell.events.read(signal)) all.tell(event);
      })();
    }
  };
  followNew();
  using _subscription = shells.onChanged(() => {
    followNew();
    // What came or went had lists.
    all.tell({ kind: "resources-changed" });
    all.tell({ kind: "prompts-changed" });
  });
  yield* events;
}
