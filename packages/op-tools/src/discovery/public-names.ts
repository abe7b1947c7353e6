import { toDistinctToolName, toToolName, type ToolName } from "../names/tool-name.ts";

/** A tool as its source names it. */
export interface Origin {
  readonly source: string;
  readonly name: string;
}

/** Two sources that wanted one name. */
export interface NameConflict {
  readonly name: string;
  /** Who has it: the source that was configured earlier. */
  readonly keptBy: string;
  /** Who has another one instead. */
  readonly renamed: string;
  readonly to: string;
}

/** A name was given, and perhaps taken from another tool. */
export interface Claim {
  readonly publicName: string;
  /** The tool of a later source that must move to another name first. */
  readonly displaced?: Origin & { readonly from: string; readonly to: string };
}

/**
 * Gives each tool the name clients see. Where two sources want the same one, the source that was configured earlier
 * keeps it and the other's tool is called `<source>_<name>`; where two names of one source become the same, the one that
 * needed no change keeps it, else the first by its letters, and the other gets a digest. A name that became free is not given to a tool that has
 * one already, so that no name changes its meaning while clients know it.
 */
export class PublicNames {
  readonly #order: ReadonlyMap<string, number>;
  readonly #owners = new Map<string, Origin>();
  readonly #conflicts = new Map<string, NameConflict>();

  constructor(sources: readonly string[]) {
    this.#order = new Map(sources.map((name, index) => [name, index]));
  }

  get conflicts(): readonly NameConflict[] {
    return [...this.#conflicts.values()];
  }

  /** Takes a name over as it was in an earlier run. */
  adopt(publicName: string, origin: Origin): void {
    this.#owners.set(publicName, origin);
  }

  claim(origin: Origin): Claim {
    const wanted = toToolName(origin.name);
    const owner = this.#owners.get(wanted);
    if (owner === undefined) return this.#give(wanted, origin);
    if (!this.#comesBefore(origin, owner, wanted)) {
      const to = this.#alternative(origin, owner);
      this.#report(wanted, owner.source, origin, to);
      return this.#give(to, origin);
    }
    const to = this.#alternative(owner, origin);
    this.#report(wanted, origin.source, owner, to);
    this.#owners.set(to, owner);
    return { ...this.#give(wanted, origin), displaced: { ...owner, from: wanted, to } };
  }

  release(publicName: string): void {
    this.#owners.delete(publicName);
    this.#conflicts.delete(publicName);
  }

  #give(publicName: string, origin: Origin): Claim {
    this.#owners.set(publicName, origin);
    return { publicName };
  }

  /** A strict order of any two tools, so that names do not depend on which was listed first. */
  #comesBefore(one: Origin, other: Origin, wanted: string): boolean {
    const difference = this.#rank(one) - this.#rank(other);
    if (difference !== 0) return difference < 0;
    if (one.name === wanted || other.name === wanted) return one.name === wanted;
    return one.name < other.name;
  }

  #rank({ source }: Origin): number {
    return this.#order.get(source) ?? Infinity;
  }

  #alternative({ source, name }: Origin, rival: Origin): ToolName {
    const alternative = toToolName(`${source}_${name}`);
    // The name of their source tells two tools of it no better apart.
    const isTaken = source === rival.source || this.#owners.has(alternative);
    return isTaken ? toDistinctToolName(`${source}\0${name}`) : alternative;
  }

  /** Kept under the name that was given instead, which goes when its tool goes. */
  #report(name: string, keptBy: string, loser: Origin, to: string): void {
    this.#conflicts.set(to, { name, keptBy, renamed: loser.source, to });
  }
}
