import type { Logger } from "op-core";
import type { OfferedLists } from "./saved-upstream.ts";
import type { UpstreamShell } from "./upstream-shell.ts";

/** The servers that are configured at the time, in their order. */
export class ShellSet {
  readonly #shells = new Map<string, UpstreamShell>();
  readonly #listeners = new Set<() => void>();

  get all(): readonly UpstreamShell[] {
    return [...this.#shells.values()];
  }

  get(name: string): UpstreamShell | undefined {
    return this.#shells.get(name);
  }

  add(shell: UpstreamShell): void {
    this.#shells.set(shell.name, shell);
    this.#tell();
  }

  remove(name: string): void {
    this.#shells.delete(name);
    this.#tell();
  }

  /** Calls back whenever one came or went. */
  onChanged(listener: () => void): Disposable {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** One list of each server. One that fails hides none of the others. */
  async listAll<Item>(
    pick: (lists: OfferedLists) => readonly Item[],
    signal: AbortSignal,
    logger: Logger,
  ): Promise<readonly (readonly Item[])[]> {
    return await Promise.all(
      this.all.map(async (shell) => {
        try {
          return pick(await shell.lists(signal));
        } catch (error) {
          signal.throwIfAborted();
          logger.warn("a server could not be asked what it has", { upstream: shell.name, error });
          return [];
        }
      }),
    );
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
