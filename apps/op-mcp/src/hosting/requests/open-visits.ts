import { abortable, type Clock, type Logger, type Timer } from "op-core";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { Visit } from "./visit.ts";

/** What watching visits takes. */
export interface OpenVisitsOptions {
  readonly authenticator: Authenticator;
  readonly recheckMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Answers that say nothing of the credential: it could not be checked. */
const unknowable: ReadonlySet<number> = new Set([429, 503]);

/**
 * Every visit that is not over. Of those that stay, such as streams, it is asked again and again whether their client is
 * still let in: a token that ended or was taken back must not go on to work because somebody listens.
 */
export class OpenVisits implements Disposable {
  readonly #options: OpenVisitsOptions;
  readonly #open = new Set<Visit>();
  #timer: Timer;
  #whenNone: PromiseWithResolvers<void> | undefined;

  constructor(options: OpenVisitsOptions) {
    this.#options = options;
    this.#timer = this.#schedule();
  }

  get count(): number {
    return this.#open.size;
  }

  add(visit: Visit): void {
    this.#open.add(visit);
  }

  remove(visit: Visit): void {
    this.#open.delete(visit);
    if (this.#open.size === 0) this.#whenNone?.resolve();
  }

  /** Resolves when none is open. */
  async none({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#open.size === 0) return;
    this.#whenNone ??= Promise.withResolvers();
    await abortable(this.#whenNone.promise, signal);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #schedule(): Timer {
    const { clock, recheckMs } = this.#options;
    const timer = clock.startTimer(recheckMs, () => {
      this.#timer = this.#schedule();
      const due = clock.monotonic() - recheckMs;
      for (const visit of this.#open) {
        if (visit.caller !== undefined && visit.checkedAtMs <= due) void this.#recheck(visit);
      }
    });
    timer.unref();
    return timer;
  }

  /** Never rejects. */
  async #recheck(visit: Visit): Promise<void> {
    const { authenticator, clock, logger } = this.#options;
    const { auth, signal, caller } = visit;
    visit.checkedAtMs = clock.monotonic();
    try {
      const result = await authenticator.authenticate(auth, { signal });
      const isSame =
        result.kind === "authenticated" &&
        JSON.stringify(result.principal) === JSON.stringify(caller?.principal);
      if (isSame || (result.kind === "refused" && unknowable.has(result.status))) return;
      logger.info("a client is not let in any more, and its stream was ended", {
        requestId: visit.id,
        principal: caller?.principal.id,
      });
      visit.end();
    } catch (error) {
      if (!signal.aborted) logger.warn("an open stream could not be checked again", { error });
    }
  }
}
