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

/** Many tools that are known by name and looked at one by one. */
export interface ToolPack {
  /** Sorted. */
  readonly names: readonly string[];
  /** What is registered under the name at this place. */
  at(place: number): ToolRegistration;
}

/** Every tool that is known, by name. Names are unique; knowing a tool loads nothing. */
export interface ToolRegistry {
  readonly size: number;
  /** Every name, sorted; the same array until something changes. */
  names(): readonly string[];
  has(name: string): boolean;
  get(name: string): ToolDescriptor | undefined;
  factoryOf(name: string): ToolFactory | undefined;
  /** Begins with the tools of a pack, at no cost for each of them; only where nothing is registered yet. */
  adopt(pack: ToolPack): void;
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
  #pack: ToolPack | undefined;
  /** Names of the pack that were looked at, replaced or removed: the pack no longer answers for them. */
  readonly #unpacked = new Set<string>();
  #sorted: readonly string[] | undefined;

  get size(): number {
    return this.#tools.size + (this.#pack?.names.length ?? 0) - this.#unpacked.size;
  }

  names(): readonly string[] {
    this.#sorted ??= this.#sort();
    return this.#sorted;
  }

  has(name: string): boolean {
    return this.#tools.has(name) || this.#placeOf(name) !== undefined;
  }

  get(name: string): ToolDescriptor | undefined {
    return this.#find(name)?.descriptor;
  }

  factoryOf(name: string): ToolFactory | undefined {
    return this.#find(name)?.factory;
  }

  adopt(pack: ToolPack): void {
    const [taken] = this.names();
    if (taken !== undefined) throw new ToolExistsError(taken);
    this.#pack = pack;
    this.#sorted = pack.names;
  }

  register(name: string, registration: ToolRegistration): void {
    if (this.has(name)) throw new ToolExistsError(name);
    this.replace(name, registration);
  }

  replace(name: string, registration: ToolRegistration): void {
    const isNew = !this.has(name);
    this.#unpack(name);
    this.#tools.set(name, registration);
    if (isNew) this.#sorted = undefined;
    this.#tell(isNew ? "tool-registered" : "tool-replaced", name);
  }

  unregister(name: string): boolean {
    if (!this.has(name)) return false;
    this.#unpack(name);
    this.#tools.delete(name);
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
      if (!this.has(name)) return;
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

  #find(name: string): ToolRegistration | undefined {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const place = this.#placeOf(name);
    if (place === undefined) return undefined;
    const registration = this.#pack?.at(place);
    if (registration === undefined) return undefined;
    this.#unpacked.add(name);
    this.#tools.set(name, registration);
    return registration;
  }

  /** Where the pack still answers for a name, if it does. */
  #placeOf(name: string): number | undefined {
    if (this.#pack === undefined || this.#unpacked.has(name)) return undefined;
    return placeIn(this.#pack.names, name);
  }

  #unpack(name: string): void {
    if (this.#placeOf(name) !== undefined) this.#unpacked.add(name);
  }

  #sort(): readonly string[] {
    const packed = this.#pack?.names.filter((name) => !this.#unpacked.has(name)) ?? [];
    return [...packed, ...this.#tools.keys()].toSorted();
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

/** The place of a name among sorted ones, if it is there. */
function placeIn(names: readonly string[], name: string): number | undefined {
  let from = 0;
  let to = names.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((names[middle] ?? "") < name) from = middle + 1;
    else to = middle;
  }
  return names[from] === name ? from : undefined;
}

/** An empty registry. */
export function createToolRegistry(): ToolRegistry {
  return new Registry();
}
