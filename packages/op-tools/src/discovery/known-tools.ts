import { silentLogger, type Logger } from "op-core";
import type { ToolFactory, ToolRegistration, ToolRegistry } from "../registry/tool-registry.ts";
import type { ToolSource } from "../sources/tool-source.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { findDescriptorProblem, nameOfDescriptor, toDescriptorText } from "./descriptor-text.ts";
import type { Manifest, ManifestTool } from "./manifest.ts";
import { PublicNames, type NameConflict } from "./public-names.ts";
import type { QuarantinedTool } from "./source-status.ts";

/** What the known tools are kept for. */
export interface KnownToolsOptions {
  readonly sources: readonly ToolSource[];
  readonly registry: ToolRegistry;
  readonly onChanged: () => void;
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

/** A class, since ten thousand of them are made at a start: a literal with a getter costs ten times as much. */
class KnownRegistration implements ToolRegistration {
  readonly #tool: ManifestTool;
  readonly #source: ToolSource;

  constructor(tool: ManifestTool, source: ToolSource) {
    this.#tool = tool;
    this.#source = source;
  }

  get descriptor(): ToolDescriptor {
    return this.#tool.descriptor;
  }

  get factory(): ToolFactory {
    return (options) => this.#source.load(this.#tool.name, options);
  }
}

/** Keeps the registry to what the sources list, with as few changes as possible. */
export class KnownTools {
  readonly #sources: ReadonlyMap<string, ToolSource>;
  readonly #registry: ToolRegistry;
  readonly #onChanged: () => void;
  readonly #logger: Logger;
  readonly #names: PublicNames;
  readonly #bySource: ReadonlyMap<string, Map<string, ManifestTool>>;
  readonly #quarantined = new Map<string, QuarantinedTool>();

  constructor({ sources, registry, onChanged, logger = silentLogger }: KnownToolsOptions) {
    this.#sources = new Map(sources.map((source) => [source.name, source]));
    this.#registry = registry;
    this.#onChanged = onChanged;
    this.#logger = logger;
    this.#names = new PublicNames(sources.map(({ name }) => name));
    this.#bySource = new Map(sources.map(({ name }) => [name, new Map()]));
  }

  get conflicts(): readonly NameConflict[] {
    return this.#names.conflicts;
  }

  get quarantined(): readonly QuarantinedTool[] {
    return [...this.#quarantined.values()];
  }

  /** What a manifest would hold now. */
  all(): readonly ManifestTool[] {
    return this.#bySource
      .values()
      .flatMap((tools) => tools.values())
      .toArray();
  }

  countOf(source: string): number {
    return this.#bySource.get(source)?.size ?? 0;
  }

  namesOf(source: string): readonly string[] {
    return [...(this.#bySource.get(source)?.keys() ?? [])];
  }

  /** Takes over what an earlier run knew of sources that still exist. */
  adopt(manifest: Manifest): void {
    for (const tool of manifest.tools) {
      const known = this.#bySource.get(tool.source);
      if (known === undefined) continue;
      this.#names.adopt(tool.publicName, tool);
      known.set(tool.name, tool);
      this.#register(tool);
    }
  }

  /** Takes in one descriptor of a source's list. A bad one is set aside, alone. */
  put(source: string, descriptor: ToolDescriptor): void {
    const name = nameOfDescriptor(descriptor);
    const problem = findDescriptorProblem(descriptor);
    if (problem !== undefined) {
      this.#setAside({ source, name, reason: problem });
      return;
    }
    this.#quarantined.delete(`${source}\0${name}`);
    const before = this.#bySource.get(source)?.get(name);
    const publicName = before?.publicName ?? this.#claim(source, name);
    const tool = new ListedTool(name, { ...descriptor, name: publicName, source });
    if (before?.text === tool.text) return;
    this.#bySource.get(source)?.set(name, tool);
    this.#register(tool);
    this.#onChanged();
  }

  remove(source: string, name: string): void {
    const tool = this.#bySource.get(source)?.get(name);
    this.#quarantined.delete(`${source}\0${name}`);
    if (tool === undefined) return;
    this.#bySource.get(source)?.delete(name);
    this.#names.release(tool.publicName);
    this.#registry.unregister(tool.publicName);
    this.#onChanged();
  }

  #claim(source: string, name: string): string {
    const { publicName, displaced } = this.#names.claim({ source, name });
    if (displaced !== undefined) this.#move(displaced);
    if (displaced !== undefined || publicName !== name) {
      this.#logger.info("a tool has another name here than at its source", {
        source,
        name,
        publicName,
      });
    }
    return publicName;
  }

  #move({
    source,
    name,
    from,
    to,
  }: {
    source: string;
    name: string;
    from: string;
    to: string;
  }): void {
    const tool = this.#bySource.get(source)?.get(name);
    if (tool === undefined) return;
    const moved = new ListedTool(name, { ...tool.descriptor, name: to });
    this.#bySource.get(source)?.set(name, moved);
    this.#registry.unregister(from);
    this.#register(moved);
  }

  #register(tool: ManifestTool): void {
    const source = this.#sources.get(tool.source);
    if (source === undefined) return;
    this.#registry.replace(tool.publicName, new KnownRegistration(tool, source));
  }

  #setAside(tool: QuarantinedTool): void {
    this.remove(tool.source, tool.name);
    this.#quarantined.set(`${tool.source}\0${tool.name}`, tool);
    this.#logger.warn("a tool is not offered", { ...tool });
  }
}
