import { silentLogger, type Logger } from "op-core";
import type { ToolRegistration, ToolRegistry } from "../registry/tool-registry.ts";
import type { ToolSource } from "../sources/tool-source.ts";
import { ToolNotFoundError } from "../tool-error.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { findDescriptorProblem, nameOfDescriptor, toDescriptorText } from "./descriptor-text.ts";
import { Inventory } from "./inventory.ts";
import type { Manifest, ManifestTool } from "./manifest.ts";
import type { Move, NameConflict } from "./public-names.ts";
import type { QuarantinedTool } from "./source-status.ts";

/** What the known tools are kept for. */
export interface KnownToolsOptions {
  readonly sources: readonly ToolSource[];
  readonly registry: ToolRegistry;
  readonly onChanged: () => void;
  /** What an earlier run knew; it is taken over where its source still exists. */
  readonly manifest: Manifest | undefined;
  readonly logger?: Logger;
}

/** A tool as a source lists it now; its text is made when the manifest is written. */
class ListedTool implements ManifestTool {
  readonly publicName: string;
  readonly source: string;
  readonly name: string;
  readonly descriptor: ToolDescriptor;

  constructor(name: string, descriptor: ToolDescriptor) {
    this.name = name;
    this.publicName = descriptor.name;
    this.source = descriptor.source;
    this.descriptor = descriptor;
  }

  get text(): string {
    return toDescriptorText(this.descriptor);
  }
}

/** Keeps the registry to what the sources list, with as few changes as possible. */
export class KnownTools {
  readonly #sources: Map<string, ToolSource>;
  readonly #registry: ToolRegistry;
  readonly #onChanged: () => void;
  readonly #logger: Logger;
  readonly #manifest: Manifest | undefined;
  readonly #quarantined = new Map<string, QuarantinedTool>();
  #inventory: Inventory | undefined;

  constructor(options: KnownToolsOptions) {
    const { sources, registry, onChanged, manifest, logger = silentLogger } = options;
    this.#sources = new Map(sources.map((source) => [source.name, source]));
    this.#registry = registry;
    this.#onChanged = onChanged;
    this.#logger = logger;
    this.#manifest = manifest;
    if (manifest !== undefined) this.#adopt(manifest);
  }

  /** Makes room for one more source, behind all others. */
  add(source: ToolSource): void {
    // Made first: it begins with the sources that there are.
    const known = this.#known;
    this.#sources.set(source.name, source);
    known.add(source.name);
  }

  /** Forgets everything of a source. */
  drop(source: string): void {
    for (const name of this.namesOf(source)) this.remove(source, name);
    this.#sources.delete(source);
    this.#onChanged();
  }

  get conflicts(): readonly NameConflict[] {
    return this.#known.names.conflicts;
  }

  get quarantined(): readonly QuarantinedTool[] {
    return [...this.#quarantined.values()];
  }

  /** What a manifest would hold now. */
  all(): readonly ManifestTool[] {
    return this.#known.all();
  }

  countOf(source: string): number {
    return this.#inventory?.countOf(source) ?? this.#manifest?.countOf(source) ?? 0;
  }

  /** Every name of a source that is known, offered or not. */
  namesOf(source: string): readonly string[] {
    const setAside = this.quarantined.filter((tool) => tool.source === source);
    return [...new Set([...this.#known.namesOf(source), ...setAside.map(({ name }) => name)])];
  }

  /** Takes in one descriptor of a source's list. A bad one is set aside, alone. */
  put(source: string, descriptor: ToolDescriptor): void {
    const name = nameOfDescriptor(descriptor);
    const problem = findDescriptorProblem(descriptor);
    if (problem !== undefined) {
      this.remove(source, name);
      this.setAside({ source, name, reason: problem });
      return;
    }
    this.#quarantined.delete(toKey(source, name));
    const before = this.#known.get(source, name);
    const publicName = before?.publicName ?? this.#claim(source, name);
    const tool = new ListedTool(name, { ...descriptor, name: publicName, source });
    if (before?.text === tool.text) return;
    this.#known.set(tool);
    this.#register(tool);
    this.#onChanged();
  }

  remove(source: string, name: string): void {
    this.#quarantined.delete(toKey(source, name));
    const tool = this.#known.get(source, name);
    if (tool === undefined) return;
    this.#known.delete(tool);
    this.#registry.unregister(tool.publicName);
    this.#onChanged();
  }

  /** Remembers what is not offered and why, until its source lists it well or no longer. */
  setAside(tool: QuarantinedTool): void {
    this.#quarantined.set(toKey(tool.source, tool.name), tool);
    this.#logger.warn("a tool is not offered", { ...tool });
  }

  /** Made when a source is first heard of: the first requests after a start need the registry alone. */
  get #known(): Inventory {
    this.#inventory ??= new Inventory([...this.#sources.keys()], this.#manifest);
    return this.#inventory;
  }

  /** Where every source still exists, which is nearly always, nothing is done for each tool. */
  #adopt(manifest: Manifest): void {
    const { names } = manifest;
    if (manifest.sources.every(({ name }) => this.#sources.has(name))) {
      this.#registry.adopt({ names, at: (place) => this.#toRegistration(manifest.at(place)) });
    } else for (const place of names.keys()) this.#register(manifest.at(place));
  }

  #claim(source: string, name: string): string {
    const { publicName, moves } = this.#known.names.claim({ source, name });
    for (const move of moves) this.#move(move);
    if (publicName !== name) this.#tellName({ source, name, publicName });
    return publicName;
  }

  #move({ source, name, from, to }: Move): void {
    const tool = this.#known.get(source, name);
    if (tool === undefined) return;
    const moved = new ListedTool(name, { ...tool.descriptor, name: to });
    this.#known.set(moved);
    this.#registry.unregister(from);
    this.#register(moved);
    this.#tellName(moved);
  }

  #tellName({ source, name, publicName }: Pick<ManifestTool, "source" | "name" | "publicName">) {
    const names = { source, name, publicName };
    this.#logger.info("a tool has another name here than at its source", names);
  }

  #register(tool: ManifestTool): void {
    if (this.#sources.has(tool.source))
      this.#registry.replace(tool.publicName, this.#toRegistration(tool));
  }

  #toRegistration(tool: ManifestTool): ToolRegistration {
    const source = this.#sources.get(tool.source);
    return {
      get descriptor() {
        return tool.descriptor;
      },
      factory: (options) =>
        source?.load(tool.name, options) ?? Promise.reject(new ToolNotFoundError(tool.publicName)),
    };
  }
}

function toKey(source: string, name: string): string {
  return `${source}\0${name}`;
}
