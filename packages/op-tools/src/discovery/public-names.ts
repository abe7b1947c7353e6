import { toDistinctToolName, toToolName, type ToolName } from "../names/tool-name.ts";

/** A tool as its source names it. */
export interface Origin {
  readonly source: string;
  readonly name: string;
}

/** A tool that is not called what it would be called alone. */
export interface NameConflict {
  readonly name: string;
  /** The source whose tool has the name. */
  readonly keptBy: string;
  /** The source whose tool has another one instead. */
  readonly renamed: string;
  readonly to: string;
}

/** A tool that has to give up its name for another. */
export interface Move extends Origin {
  readonly from: string;
  readonly to: string;
}

/** A name was given, and perhaps taken from another tool. */
export interface Claim {
  readonly publicName: string;
  /** What must move first, in this order. */
  readonly moves: readonly Move[];
}

/**
 * Gives each tool the name clients see. Each has a list of names it would take: its own, `<source>_<name>`, then ones with
 * a digest. Each name goes to the first in one strict order of all who want it, and the others go on to their next: so
 * the outcome is the same in whatever order the tools are listed. A name that became free is not given to a tool that
 * has one already, so that no name changes its meaning while clients know it.
 */
export class PublicNames {
  readonly #order = new Map<string, number>();
  readonly #owners = new Map<string, Origin>();

  constructor(sources: readonly string[]) {
    for (const name of sources) this.rankNext(name);
  }

  get conflicts(): readonly NameConflict[] {
    const conflicts: NameConflict[] = [];
    for (const [to, { source, name: original }] of this.#owners) {
      if (to === original) continue;
      const name = toChoice({ source, name: original }, 0);
      const keptBy = to === name ? undefined : this.#owners.get(name);
      if (keptBy !== undefined)
        conflicts.push({ name, keptBy: keptBy.source, renamed: source, to });
    }
    return conflicts;
  }

  /** Puts a source behind all that were ranked so far, unless it has its place. */
  rankNext(source: string): void {
    if (!this.#order.has(source)) this.#order.set(source, this.#order.size);
  }

  /** Takes a name over as it was in an earlier run. */
  adopt(publicName: string, origin: Origin): void {
    this.#owners.set(publicName, origin);
  }

  claim(origin: Origin): Claim {
    const moves: Move[] = [];
    return { publicName: this.#settle(origin, 0, moves), moves };
  }

  release(publicName: string): void {
    this.#owners.delete(publicName);
  }

  /** Gives a tool the first name of its choice, from `level` on, that nobody who comes before it has. */
  #settle(origin: Origin, level: number, moves: Move[]): ToolName {
    const wanted = toChoice(origin, level);
    const owner = this.#owners.get(wanted);
    if (owner !== undefined && !this.#comesBefore(origin, owner, wanted))
      return this.#settle(origin, level + 1, moves);
    this.#owners.set(wanted, origin);
    if (owner !== undefined) {
      const { source, name } = owner;
      const to = this.#settle(owner, toLevel(owner, wanted) + 1, moves);
      moves.push({ source, name, from: wanted, to });
    }
    return wanted;
  }

  /** The source that was configured earlier, then the better choice, then the name that needs no respelling. */
  #comesBefore(one: Origin, other: Origin, wanted: string): boolean {
    const ranks = this.#rank(one) - this.#rank(other);
    if (ranks !== 0) return ranks < 0;
    const levels = toLevel(one, wanted) - toLevel(other, wanted);
    if (levels !== 0) return levels < 0;
    const isExact = choiceOf(one, toLevel(one, wanted)) === wanted;
    if (isExact !== (choiceOf(other, toLevel(other, wanted)) === wanted)) return isExact;
    return one.name < other.name;
  }

  #rank({ source }: Origin): number {
    return this.#order.get(source) ?? this.#order.size;
  }
}

/** What a tool would be called at its so many-th choice. The last ones are without end, so that there is always one. */
function choiceOf({ source, name }: Origin, level: number): string {
  if (level === 0) return name;
  return level === 1 ? `${source}_${name}` : `${source}\0${name}${"\0".repeat(level - 2)}`;
}

/** A choice as clients accept it. */
function toChoice(origin: Origin, level: number): ToolName {
  const choice = choiceOf(origin, level);
  return level < 2 ? toToolName(choice) : toDistinctToolName(choice);
}

/** Which of its choices a name is to a tool; from the third on they are not told apart. */
function toLevel(origin: Origin, publicName: string): number {
  return [0, 1].find((level) => toChoice(origin, level) === publicName) ?? 2;
}
