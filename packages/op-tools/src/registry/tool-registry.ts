import type { SourceOptions } from "../sources/tool-source.ts";
import { ToolExistsError } from "../tool-error.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { Tool } from "../tool/tool.ts";
import { nearestNames } from "./nearest-names.ts";
import type { RegistryEvent } from "./registry-event.ts";
import { unused, UsageCount, type FinishedCall, type ToolUsage } from "./tool-usage.ts";

/** Makes a tool callable. */
export type ToolFactory = (options: SourceOptions) => Promise<Tool>;

/** What is registered under a name. */
export interface ToolRegistration {
  /** Read whenever somebody looks: it may be made at that moment. */
  readonly descriptor: ToolDescriptor;
  readonly factory: ToolFactory;
}

/** Every tool that is known, by name. Names are unique; knowing a tool loads nothing. */
export interface ToolRegistry {
  readonly size: number;
  /** Every name, sorted; the same array until something changes. */
  names(): readonly string[];
  has(name: string): boolean;
  get(name: string): ToolDescriptor | undefined;
  factoryOf(name: string): ToolFactory | undefined;
  /** A taken name is an `ERR_TOOL_EXISTS`. */
  register(name: string, registration: ToolRegistration): void;
  /** Registers or replaces; what was counted of the tool's use stays. */
  replace(name: string, registration: ToolRegistration): void;
  /** Whether there was such a tool. */
  unregister(name: string): boolean;
  byCategory(category: string): readonly string[];
  byTag(tag: string): readonly string[];
  /** The few names that a wrong one may have meant. */
  nearest(name: string): readonly string[];
  usage(name: string): ToolUsage;
  recordCall(name: string, call: FinishedCall): void;
  /** Told of each change at once, after it happened; dispose to stop. */
  onEvent(listener: (event: RegistryEvent) => void): Disposable;
}

class Registry implements ToolRegistry {
  readonly #tools = new Map<string, ToolRegistration>();
  readonly #usage = new Map<string, UsageCount>();
  readonly #listeners = new Set<{ readonly tell: (event: RegistryEvent) => void }>();
  #sorted: readonly string[] | undefined;

  get size(): number {
    return this.#tools.size;
  }

  names(): readonly string[] {
    this.#sorted ??= [...this.#tools.keys()].toSorted();
    return this.#sorted;
  }

  has(name: string): boolean {
    return this.#tools.has(name);
  }

  get(name: string): ToolDescriptor | undefined {
    return this.#tools.get(name)?.descriptor;
  }

  factoryOf(name: string): ToolFactory | undefined {
    return this.#tools.get(name)?.factory;
  }

  register(name: string, registration: ToolRegistration): void {
    if (this.#tools.has(name)) throw new ToolExistsError(name);
    this.replace(name, registration);
  }

  replace(name: string, registration: ToolRegistration): void {
    const isNew = !this.#tools.has(name);
    this.#tools.set(name, registration);
    if (isNew) this.#sorted = undefined;
    this.#tell(isNew ? "tool-registered" : "tool-replaced", name);
  }

  unregister(name: string): boolean {
    if (!this.#tools.delete(name)) return false;
    this.#usage.delete(name);
    this.#sorted = undefined;
    this.#tell("tool-unregistered", name);
    return true;
  }

  byCategory(category: string): readonly string[] {
    return this.#select((descriptor) => descriptor.category === category);
  }

  byTag(tag: string): readonly string[] {
    return this.#select((descriptor) => descriptor.tags.includes(tag));
  }

  nearest(name: string): readonly string[] {
    return nearestNames(name, this.names());
  }

  usage(name: string): ToolUsage {
    return this.#usage.get(name) ?? unused;
  }

  recordCall(name: string, call: FinishedCall): void {
    let count = this.#usage.get(name);
    if (count === undefined) {
      // A tool that was unregistered during its last call is not counted back into existence.
      if (!this.#tools.has(name)) return;
      count = new UsageCount();
      this.#usage.set(name, count);
    }
    count.add(call);
  }

  onEvent(tell: (event: RegistryEvent) => void): Disposable {
    const listener = { tell };
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #select(fits: (descriptor: ToolDescriptor) => boolean): readonly string[] {
    return this.names().filter((name) => {
      const descriptor = this.get(name);
      return descriptor !== undefined && fits(descriptor);
    });
  }

  #tell(kind: RegistryEvent["kind"], name: string): void {
    for (const listener of this.#listeners) listener.tell({ kind, name });
  }
}

/** An empty registry. */
export function createToolRegistry(): ToolRegistry {
  return new Registry();
}
