import type { ToolCatalogue, ToolDescriptor } from "op-tools";

/** A catalogue that a test fills by hand. */
export interface MemoryCatalogue extends ToolCatalogue {
  set(...tools: readonly ToolDescriptor[]): void;
  delete(name: string): void;
  /** Names of descriptors that were read, for tests that must read few. */
  readonly reads: string[];
  readonly listeners: number;
}

/** Makes a catalogue that holds these tools. */
export function createMemoryCatalogue(initial: readonly ToolDescriptor[] = []): MemoryCatalogue {
  const tools = new Map(initial.map((tool) => [tool.name, tool]));
  const listeners = new Set<Parameters<ToolCatalogue["onEvent"]>[0]>();
  const tell = (name: string): void => {
    for (const listener of listeners) listener({ name });
  };
  const reads: string[] = [];
  return {
    reads,
    get listeners() {
      return listeners.size;
    },
    get size() {
      return tools.size;
    },
    names: () => [...tools.keys()].toSorted(),
    has: (name) => tools.has(name),
    get: (name) => {
      reads.push(name);
      return tools.get(name);
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    set: (...added) => {
      for (const tool of added) {
        tools.set(tool.name, tool);
        tell(tool.name);
      }
    },
    delete: (name) => {
      if (tools.delete(name)) tell(name);
    },
  };
}
