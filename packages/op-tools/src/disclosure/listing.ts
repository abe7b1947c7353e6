import { hash } from "node:crypto";
import type { ToolCatalogue } from "../search/tool-catalogue.ts";
import type { DisclosureConfig } from "./disclosure-config.ts";
import type { Membership } from "./membership.ts";

/** What decides which tools are listed. */
export interface ListingOptions {
  readonly catalogue: ToolCatalogue;
  readonly membership: Membership;
  readonly metaTools: ReadonlySet<string>;
  readonly mode: DisclosureConfig["mode"];
  readonly autoThreshold: number;
  readonly pinned: readonly string[];
}

/**
 * The names of a view's listed tools, in order: pinned tools, meta tools, then, unless they are hidden, all others by
 * name. The order is computed when it is needed after a change, and reads no descriptor but those of the first two.
 */
export class Listing {
  readonly #options: ListingOptions;
  readonly #first: ReadonlySet<string>;
  #showsAll: boolean;
  #edition = 0;
  #names: readonly string[] | undefined;
  #revision: string | undefined;

  constructor(options: ListingOptions) {
    this.#options = options;
    this.#first = new Set([...options.pinned, ...options.metaTools]);
    this.#showsAll = this.#shouldShowAll();
  }

  get names(): readonly string[] {
    this.#names ??= this.#order();
    return this.#names;
  }

  /** The digest tells lists of different processes apart, the edition changes of one name's descriptor. */
  get revision(): string {
    this.#revision ??= `${hash("sha1", this.names.join("\n"))}-${this.#edition}`;
    return this.#revision;
  }

  /** Takes note of a tool that was added, replaced or removed, and tells whether the list changed. */
  update(name: string): boolean {
    const concerns = this.#options.membership.update(name) || this.#options.metaTools.has(name);
    const showedAll = this.#showsAll;
    this.#showsAll = this.#shouldShowAll();
    const hasTurned = showedAll !== this.#showsAll;
    const isListed = concerns && (this.#first.has(name) || (showedAll && !hasTurned));
    if (!isListed && !(hasTurned && this.#turningMatters())) return false;
    this.#edition++;
    this.#names = undefined;
    this.#revision = undefined;
    return true;
  }

  #shouldShowAll(): boolean {
    const { mode, membership, autoThreshold } = this.#options;
    return mode === "direct" || (mode === "auto" && membership.size <= autoThreshold);
  }

  /** Whether there are tools that are listed only directly, apart from the one that made `auto` turn. */
  #turningMatters(): boolean {
    const { catalogue, membership, metaTools, pinned } = this.#options;
    const always = [...new Set(pinned)].filter(
      (name) => !metaTools.has(name) && membership.has(name) && catalogue.has(name),
    );
    // That one is among the members only where it was added, which hides the others.
    return membership.size - always.length > (this.#showsAll ? 0 : 1);
  }

  #order(): readonly string[] {
    const { catalogue, membership, metaTools } = this.#options;
    const first = [...this.#first].filter(
      (name) => (metaTools.has(name) || membership.has(name)) && catalogue.has(name),
    );
    if (!this.#showsAll) return first;
    const others = catalogue
      .names()
      .filter((name) => !this.#first.has(name) && membership.has(name));
    return [...first, ...others];
  }
}
