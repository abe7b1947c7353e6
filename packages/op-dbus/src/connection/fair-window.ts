/** What waits for its turn. */
export interface WindowEntry {
  /** Entries with the same key share a lane. */
  readonly lane: string;
  /** Called once, when it is the entry's turn. */
  start(): void;
}

/** How many may be under way. */
export interface WindowLimits {
  readonly total: number;
  readonly perLane: number;
}

/** Empty lanes are kept up to this many, because whoever is called once is called again. */
const keptLanes = 64;

interface Lane<T> {
  active: number;
  readonly waiting: Set<T>;
}

/**
 * Lets a bounded number of entries be under way. Lanes take turns, and no lane may have everything, so that a lane whose
 * entries never finish does not hold up the others.
 */
export class FairWindow<T extends WindowEntry> {
  readonly #limits: WindowLimits;
  readonly #lanes = new Map<string, Lane<T>>();
  /** Lanes in which somebody waits, the one whose turn is next first. */
  readonly #queue = new Map<string, Lane<T>>();
  #active = 0;
  #waiting = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  /** How many entries wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Starts an entry now, or when it is its turn. */
  enter(entry: T): void {
    const lane = this.#laneOf(entry.lane);
    if (this.#hasRoom(lane) && lane.waiting.size === 0) {
      this.#begin(lane, entry);
      return;
    }
    lane.waiting.add(entry);
    this.#waiting += 1;
    this.#queue.set(entry.lane, lane);
  }

  /** Takes an entry out that still waits, and says whether it did. */
  withdraw(entry: T): boolean {
    const lane = this.#lanes.get(entry.lane);
    if (lane === undefined || !lane.waiting.delete(entry)) return false;
    this.#waiting -= 1;
    if (lane.waiting.size === 0) this.#queue.delete(entry.lane);
    this.#forgetIfEmpty(entry.lane, lane);
    return true;
  }

  /** Notes that a started entry is finished, and starts whoever is next. */
  leave(entry: T): void {
    const lane = this.#lanes.get(entry.lane);
    if (lane === undefined) return;
    lane.active -= 1;
    this.#active -= 1;
    if (this.#waiting > 0) this.#advance();
    this.#forgetIfEmpty(entry.lane, lane);
  }

  #advance(): void {
    for (const [key, lane] of this.#queue) {
      if (!this.#hasRoom(lane)) continue;
      const [entry] = lane.waiting;
      this.#queue.delete(key);
      if (entry === undefined) continue;
      lane.waiting.delete(entry);
      this.#waiting -= 1;
      if (lane.waiting.size > 0) this.#queue.set(key, lane);
      this.#begin(lane, entry);
      return;
    }
  }

  #begin(lane: Lane<T>, entry: T): void {
    lane.active += 1;
    this.#active += 1;
    entry.start();
  }

  #hasRoom(lane: Lane<T>): boolean {
    return this.#active < this.#limits.total && lane.active < this.#limits.perLane;
  }

  #laneOf(key: string): Lane<T> {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane: Lane<T> = { active: 0, waiting: new Set() };
    this.#lanes.set(key, lane);
    return lane;
  }

  #forgetIfEmpty(key: string, lane: Lane<T>): void {
    if (this.#lanes.size <= keptLanes) return;
    if (lane.active === 0 && lane.waiting.size === 0) this.#lanes.delete(key);
  }
}
