import { ToolExistsError, ToolNotFoundError } from "../tool-error.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { Tool } from "../tool/tool.ts";
import { toDescriptor, withSource } from "../tool/with-source.ts";
import type { SourceOptions, ToolSource, ToolSourceChange } from "./tool-source.ts";

/** A source over tools that are there already. */
export interface MemorySource extends ToolSource {
  /** Offers one more tool; a name that is taken is an `ERR_TOOL_EXISTS`. */
  add(tool: Tool): void;
  /** Offers another tool under the same name. */
  replace(tool: Tool): void;
  /** Whether there was such a tool. */
  remove(name: string): boolean;
  changes(options: SourceOptions): AsyncIterable<ToolSourceChange>;
}

/** One reader of changes: keeps what was told since it last looked. */
class ChangeQueue {
  #waiting: ToolSourceChange[] = [];
  #wake: (() => void) | undefined;

  push(change: ToolSourceChange): void {
    this.#waiting.push(change);
    this.#wake?.();
  }

  async *read(signal: AbortSignal): AsyncGenerator<ToolSourceChange> {
    const onAbort = (): void => this.#wake?.();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        yield* this.#waiting.splice(0);
        if (this.#waiting.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}

class InMemorySource implements MemorySource {
  readonly name: string;
  readonly #tools = new Map<string, Tool>();
  readonly #queues = new Set<ChangeQueue>();

  constructor(name: string, tools: readonly Tool[]) {
    this.name = name;
    for (const tool of tools) this.add(tool);
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<ToolDescriptor> {
    for (const tool of this.#tools.values()) {
      signal.throwIfAborted();
      yield toDescriptor(tool, this.name);
    }
  }

  load(name: string, { signal }: SourceOptions): Promise<Tool> {
    return Promise.try(() => {
      signal.throwIfAborted();
      const tool = this.#tools.get(name);
      if (tool === undefined) throw new ToolNotFoundError(name);
      return withSource(tool, this.name);
    });
  }

  async *changes({ signal }: SourceOptions): AsyncGenerator<ToolSourceChange> {
    const queue = new ChangeQueue();
    this.#queues.add(queue);
    try {
      yield* queue.read(signal);
    } finally {
      this.#queues.delete(queue);
    }
  }

  add(tool: Tool): void {
    if (this.#tools.has(tool.name)) throw new ToolExistsError(tool.name);
    this.#tools.set(tool.name, tool);
    this.#tell({ kind: "tool-added", descriptor: toDescriptor(tool, this.name) });
  }

  replace(tool: Tool): void {
    if (!this.#tools.has(tool.name)) throw new ToolNotFoundError(tool.name);
    this.#tools.set(tool.name, tool);
    this.#tell({ kind: "tool-changed", descriptor: toDescriptor(tool, this.name) });
  }

  remove(name: string): boolean {
    if (!this.#tools.delete(name)) return false;
    this.#tell({ kind: "tool-removed", name });
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }

  #tell(change: ToolSourceChange): void {
    for (const queue of this.#queues) queue.push(change);
  }
}

/** A source over tools in memory, to which tools can be added and from which they can be taken while it is used. */
export function createMemorySource(name: string, tools: readonly Tool[] = []): MemorySource {
  return new InMemorySource(name, tools);
}
