import type { Clock, JsonObject, Timer } from "op-core";
import type { Audit } from "../../audit/audit.ts";
import type { AuthEvent } from "../../auth/authenticator.ts";

/** Somebody who was turned away, as the audit log has it. */
export interface RefusalNote {
  readonly event: "authentication-failed" | "call-refused";
  readonly address: string;
  /** One of a closed set: what is alike is counted together. */
  readonly reason: string;
  readonly principal?: string;
  readonly requestId?: string;
  readonly details?: JsonObject;
}

/** Writes every refusal to the audit log, without letting whoever is refused fill the disk. */
export interface RefusalLog extends Disposable {
  note(refusal: RefusalNote): void;
}

/** What the log takes. */
export interface RefusalLogOptions {
  readonly audit: Pick<Audit, "note">;
  readonly clock: Clock;
}

interface Tally {
  readonly first: RefusalNote;
  count: number;
}

/** Of one kind, so many have an entry each within the window; the rest are one entry with their number. */
const mostEach = 20;
const windowMs = 60_000;
const mostKinds = 1000;

class CountingRefusalLog implements RefusalLog {
  readonly #options: RefusalLogOptions;
  readonly #tallies = new Map<string, Tally>();
  #timer: Timer | undefined;

  constructor(options: RefusalLogOptions) {
    this.#options = options;
  }

  note(refusal: RefusalNote): void {
    const tally = this.#tallyOf(refusal);
    tally.count += 1;
    if (tally.count <= mostEach) this.#write(refusal);
    this.#timer ??= this.#startWindow();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    for (const { first, count } of this.#tallies.values()) {
      if (count > mostEach) this.#write(first, count - mostEach);
    }
    this.#tallies.clear();
  }

  #tallyOf(refusal: RefusalNote): Tally {
    const { event, address, reason } = refusal;
    const key = [event, reason, address].join(" ");
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const isFull = this.#tallies.size >= mostKinds;
    const kind = isFull ? [event, "many addresses"].join(" ") : key;
    const first: RefusalNote = isFull ? { event, reason, address: "many" } : refusal;
    const tally = this.#tallies.get(kind) ?? { first, count: isFull ? mostEach : 0 };
    this.#tallies.set(kind, tally);
    return tally;
  }

  #startWindow(): Timer {
    const timer = this.#options.clock.startTimer(windowMs, () => this[Symbol.dispose]());
    timer.unref();
    return timer;
  }

  #write(
    { event, address, reason, principal, requestId, details }: RefusalNote,
    repeated?: number,
  ): void {
    const repetition = repeated === undefined ? {} : { repeated };
    this.#options.audit.note(
      {
        kind: "event",
        event,
        ...(principal === undefined ? {} : { principal }),
        ...(requestId === undefined || repeated !== undefined ? {} : { requestId }),
        details: { address, reason, ...(repeated === undefined ? details : repetition) },
      },
      "continue",
    );
  }
}

/** Makes the log. Disposing it writes what was only counted so far. */
export function createRefusalLog(options: RefusalLogOptions): RefusalLog {
  return new CountingRefusalLog(options);
}

/** What the authentication has to tell, as the log takes it. */
export function toRefusalNote({
  kind,
  address,
  method,
  code,
  detail,
  claimedBy,
}: AuthEvent): RefusalNote {
  return {
    event: kind,
    address,
    reason: code,
    details: {
      method,
      ...(detail === undefined ? {} : { detail }),
      ...(claimedBy === undefined ? {} : { claimedBy }),
    },
  };
}
