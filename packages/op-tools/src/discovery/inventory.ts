import type { Manifest, ManifestTool } from "./manifest.ts";
import { PublicNames } from "./public-names.ts";

/** Which tools are known, by their sources and by the names clients see. */
export class Inventory {
  readonly names: PublicNames;
  readonly #bySource: Map<string, Map<string, ManifestTool>>;

  /** Begins with what a manifest knows of these sources. */
  constructor(sources: readonly string[], manifest?: Manifest) {
    this.names = new PublicNames(sources);
    this.#bySource = new Map(sources.map((name) => [name, new Map()]));
    for (const place of manifest?.names.keys() ?? []) {
      const tool = manifest?.at(place);
      if (tool === undefined) continue;
      const known = this.#bySource.get(tool.source);
      if (known === undefined) continue;
      known.set(tool.name, tool);
      this.names.adopt(tool.publicName, tool);
    }
  }

  /** Takes in one more source, of which nothing is known. */
  add(source: string): void {
    this.names.rankNext(source);
    this.#bySource.set(source, new Map());
  }

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

  get(source: string, name: string): ManifestTool | undefined {
    return this.#bySource.get(source)?.get(name);
  }

  /** Takes in a tool under the public name it was given. */
  set(tool: ManifestTool): void {
    this.#bySource.get(tool.source)?.set(tool.name, tool);
  }

  /** Forgets a tool; its public name is free. */
  delete(tool: ManifestTool): void {
    this.#bySource.get(tool.source)?.delete(tool.name);
    this.names.release(tool.publicName);
  }
}
