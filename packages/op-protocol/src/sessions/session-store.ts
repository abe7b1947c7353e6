import type { SessionState } from "../server/session.ts";

/** A session of the handshake era, as any process can go on with it. Plain JSON. */
export interface SessionRecord {
  readonly id: string;
  /** The only principal that may use it. */
  readonly principal: string;
  /** The view it was opened on. */
  readonly view: string;
  /** Grows with every change, so that a process that holds the session sees that another changed it. */
  readonly version: number;
  readonly state: SessionState;
}

/** One stream of a session. */
export interface StreamKey {
  readonly session: string;
  readonly stream: string;
}

/** A message as it was sent on a stream, counted from 1. */
export interface StreamEvent {
  readonly sequence: number;
  readonly data: string;
}

/** What came on a stream after some event. */
export interface Replay {
  readonly events: readonly StreamEvent[];
  /** Nothing more will come. */
  readonly isEnded: boolean;
}

/**
 * Where sessions live: what every process that serves the same clients must know of them. Sessions end by themselves
 * when nobody uses them for as long as was said when they were last used; their events end with them.
 */
export interface SessionStore extends AsyncDisposable {
  /** Keeps a session for `idleMs` from now, in place of what was known of it. */
  save(record: SessionRecord, idleMs: number): Promise<void>;
  /** The session, kept for `idleMs` from now; nothing when there is none. */
  touch(id: string, idleMs: number): Promise<SessionRecord | undefined>;
  /** Ends a session with its events; whether there was one. */
  remove(id: string): Promise<boolean>;
  /** Keeps an event, as long as there is room. Events of one stream come in their order; one of no session is dropped. */
  append(key: StreamKey, event: StreamEvent): Promise<void>;
  /** Says that nothing more will come on a stream. */
  end(key: StreamKey): Promise<void>;
  /** What came after `after`; nothing when the stream is not known or part of it is no longer kept. */
  replay(key: StreamKey, after: number): Promise<Replay | undefined>;
}
