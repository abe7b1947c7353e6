import type { SpawnedChild } from "op-protocol/client";

/** A child whose usage can be asked for, as op-process's can. */
interface MeteredChild extends SpawnedChild {
  usage(): Promise<{ readonly memoryBytes: number; readonly cpuMs: number }>;
}

function isMetered(child: SpawnedChild): child is MeteredChild {
  return "usage" in child && typeof child.usage === "function";
}

/** What the processes of a server take. */
export interface ChildUsage {
  readonly pids: readonly number[];
  readonly memoryBytes: number;
}

/** Knows the children of one server while they run. */
export class ChildMeter {
  readonly #running = new Set<SpawnedChild>();

  add(child: SpawnedChild): void {
    this.#running.add(child);
    void child.exited.finally(() => this.#running.delete(child));
  }

  /** What they take now; nothing where none runs. */
  async read(): Promise<ChildUsage | undefined> {
    const children = [...this.#running];
    if (children.length === 0) return undefined;
    const usages = await Promise.all(
      children.filter(isMetered).map((child) => child.usage().catch(() => ({ memoryBytes: 0 }))),
    );
    return {
      pids: children.map(({ pid }) => pid),
      memoryBytes: usages.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    };
  }
}
