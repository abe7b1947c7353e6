import { randomUUID } from "node:crypto";
import type { Clock, Logger, Timer } from "op-core";
import type { Principal } from "op-tools";
import type { McpServer } from "../server/mcp-server.ts";
import type { SessionStore } from "../sessions/session-store.ts";
import { HttpSession } from "./http-session.ts";
import type { Refusal } from "./refusal.ts";

/** One set of tools under one URL, with the server that shows it. */
export interface McpView {
  /** Tells views apart, the same in every process; a session belongs to the one it was opened on. */
  readonly name: string;
  readonly server: McpServer;
}

/** On whose behalf, and on which view, a request is served. */
export interface Scope {
  readonly view: McpView;
  readonly principal: Principal;
  /** The refusal of HTTP that answers a call which failed this way, instead of an answer of MCP. */
  readonly refusalFor?: (error: unknown) => Refusal | undefined;
}

/** What a table of sessions is made of. */
export interface SessionTableOptions {
  readonly store: SessionStore;
  /** Whether other processes may serve what this one lets go of. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxSessions: number;
  readonly idleTtlMs: number;
  readonly retryMs: number;
  readonly maxConnectionMs?: number;
}

interface Held {
  readonly session: HttpSession;
  usedAt: number;
}

const longestSweepMs = 60_000;

/** The sessions this process serves, of all those the store knows. */
export class SessionTable implements AsyncDisposable {
  readonly #options: SessionTableOptions;
  /** From the one that was used longest ago. */
  readonly #held = new Map<string, Held>();
  #sweep: Timer;

  constructor(options: SessionTableOptions) {
    this.#options = options;
    this.#sweep = this.#startSweep();
  }

  get size(): number {
    return this.#held.size;
  }

  *[Symbol.iterator](): Generator<HttpSession> {
    for (const { session } of this.#held.values()) yield session;
  }

  /** A session that is not open yet; nothing when there is no room for one. */
  async create(scope: Scope): Promise<HttpSession | undefined> {
    if (this.size >= this.#options.maxSessions && !(await this.#makeRoom())) return undefined;
    return this.#hold(randomUUID(), scope);
  }

  /** The session of this principal on this view, also where another process opened it. */
  async find(id: string, scope: Scope): Promise<HttpSession | undefined> {
    const record = await this.#options.store.touch(id, this.#options.idleTtlMs);
    if (record === undefined) {
      await this.drop(id);
      return undefined;
    }
    // Who may not use it must not even learn that it exists.
    if (record.principal !== scope.principal.id || record.view !== scope.view.name)
      return undefined;
    if (this.#held.get(id)?.session.isClosed === true) {
      // Its view left, though it may have come back since.
      await this.remove(id);
      return undefined;
    }
    if (!this.#held.has(id) && this.size >= this.#options.maxSessions) await this.#makeRoom();
    const session = this.#use(id) ?? this.#hold(id, scope);
    session.adopt(record);
    return session;
  }

  /** Ends a session for every process. */
  async remove(id: string): Promise<void> {
    await this.#options.store.remove(id);
    await this.drop(id);
  }

  /** Lets go of a session in this process. */
  async drop(id: string): Promise<void> {
    const held = this.#held.get(id);
    this.#held.delete(id);
    await held?.session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweep[Symbol.dispose]();
    await Promise.all([...this.#held.keys()].map((id) => this.drop(id)));
  }

  #hold(id: string, { view, principal }: Scope): HttpSession {
    const { store, logger, idleTtlMs, retryMs, maxConnectionMs, clock } = this.#options;
    const session = new HttpSession({
      id,
      view: view.name,
      server: view.server,
      principal,
      store,
      idleTtlMs,
      retryMs,
      maxConnectionMs,
      clock,
      logger,
    });
    this.#held.set(id, { session, usedAt: clock.monotonic() });
    return session;
  }

  #use(id: string): HttpSession | undefined {
    const held = this.#held.get(id);
    if (held === undefined) return undefined;
    held.usedAt = this.#options.clock.monotonic();
    this.#held.delete(id);
    this.#held.set(id, held);
    return held.session;
  }

  async #makeRoom(): Promise<boolean> {
    for (const [id, { session }] of this.#held) {
      if (session.isBusy) continue;
      await this.#release(id);
      return true;
    }
    return false;
  }

  /** Lets go of a session nobody needs here; where nobody else could serve it, it ends. */
  async #release(id: string): Promise<void> {
    await (this.#options.isShared ? this.drop(id) : this.remove(id));
  }

  #startSweep(): Timer {
    const { clock, idleTtlMs } = this.#options;
    const timer = clock.startTimer(Math.min(idleTtlMs / 2, longestSweepMs), () => {
      this.#sweep = this.#startSweep();
      void this.#endIdle();
    });
    timer.unref();
    return timer;
  }

  async #endIdle(): Promise<void> {
    const { clock, idleTtlMs, store, logger } = this.#options;
    const now = clock.monotonic();
    for (const [id, { session, usedAt }] of this.#held) {
      try {
        if (!session.isBusy && usedAt + idleTtlMs <= now) await this.#release(id);
        // Somebody else may have ended what is only listened to here.
        else if (session.isBusy && (await store.touch(id, idleTtlMs)) === undefined)
          await this.drop(id);
      } catch (error) {
        logger.warn("a session could not be looked after", { error });
      }
    }
  }
}
