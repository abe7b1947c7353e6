import type {
  AuditEntry,
  AuditOutcome,
  CallBegan,
  CallEnded,
  SecurityEvent,
} from "../entry/audit-entry.ts";

interface Place {
  readonly seq: number;
}

/** A call: what was asked, what was decided about it, and what came of it. */
export interface CallStep {
  readonly kind: "call";
  /** The place of its first entry. */
  readonly seq: number;
  readonly at: string;
  readonly tool: string;
  /** Its entries, as far as there are any: calls that are only read may have no beginning. */
  readonly began?: CallBegan & Place;
  readonly ended?: CallEnded & Place;
  /** What else happened because of it: approvals, refusals, limits. */
  readonly events: readonly (SecurityEvent & Place)[];
  readonly outcome: AuditOutcome | "unfinished";
  readonly durationMs?: number;
}

/** Something that belongs to no call. */
export interface EventStep {
  readonly kind: "event";
  readonly seq: number;
  readonly at: string;
  readonly entry: SecurityEvent & Place;
}

/** One thing that happened in a session. */
export type SessionStep = CallStep | EventStep;

/**
 * Reconstructs what a session did: the entries of each call, which the request's id joins, become one step. Takes the
 * entries oldest first, as a query for a session, a principal or a time returns them, and returns the steps in the order
 * in which they began.
 */
export async function sessionSteps(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
): Promise<readonly SessionStep[]> {
  const builder = new StepBuilder();
  for await (const entry of entries) builder.add(entry);
  return builder.build();
}

interface Call {
  began?: CallBegan & Place;
  ended?: CallEnded & Place;
  readonly events: (SecurityEvent & Place)[];
}

class StepBuilder {
  readonly #calls: Call[] = [];
  readonly #events: (SecurityEvent & Place)[] = [];
  /** Calls that have not ended, by request. */
  readonly #open = new Map<string, Call>();
  /** Events whose call has not come yet. */
  readonly #early = new Map<string, (SecurityEvent & Place)[]>();

  add(entry: AuditEntry): void {
    const request = requestOf(entry);
    if (entry.kind === "call-began") this.#begin(entry, request);
    else if (entry.kind === "call-ended") this.#end(entry, request);
    else this.#note(entry, request);
  }

  build(): readonly SessionStep[] {
    const events = [...this.#events, ...[...this.#early.values()].flat()];
    const steps = [
      ...this.#calls.map(toCallStep),
      ...events.map((entry) => ({ kind: "event", seq: entry.seq, at: entry.at, entry }) as const),
    ];
    return steps.toSorted((one, other) => one.seq - other.seq);
  }

  #begin(began: CallBegan & Place, request: string | undefined): void {
    const call = this.#call(request);
    call.began = began;
    if (request !== undefined) this.#open.set(request, call);
  }

  #end(ended: CallEnded & Place, request: string | undefined): void {
    const open = request === undefined ? undefined : this.#open.get(request);
    // Clients use their ids again: another tool is another call.
    const isSame = open?.began?.tool === ended.tool;
    const call = isSame ? open : this.#call(request);
    call.ended = ended;
    if (isSame && request !== undefined) this.#open.delete(request);
  }

  #note(event: SecurityEvent & Place, request: string | undefined): void {
    if (request === undefined) {
      this.#events.push(event);
      return;
    }
    const open = this.#open.get(request);
    if (open !== undefined) open.events.push(event);
    else this.#early.set(request, [...(this.#early.get(request) ?? []), event]);
  }

  #call(request: string | undefined): Call {
    const events = request === undefined ? [] : (this.#early.get(request) ?? []);
    if (request !== undefined) this.#early.delete(request);
    const call = { events };
    this.#calls.push(call);
    return call;
  }
}

function requestOf({ sessionId = "", requestId }: AuditEntry): string | undefined {
  return requestId === undefined ? undefined : JSON.stringify([sessionId, requestId]);
}

function toCallStep({ began, ended, events }: Call): CallStep {
  const entries = [began, ended].filter((entry) => entry !== undefined);
  const [first] = [...entries, ...events].toSorted((one, other) => one.seq - other.seq);
  const durationMs = ended?.durationMs ?? between(began, ended);
  return {
    kind: "call",
    seq: first?.seq ?? 0,
    at: first?.at ?? "",
    tool: entries[0]?.tool ?? "",
    ...(began === undefined ? {} : { began }),
    ...(ended === undefined ? {} : { ended }),
    events,
    outcome: ended?.outcome ?? (events.some(isRefusal) ? "refused" : "unfinished"),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

function isRefusal({ event }: SecurityEvent): boolean {
  return event === "call-refused";
}

/** The writer's own clock counts from its start: over a restart it says nothing. */
function between(began: CallBegan | undefined, ended: CallEnded | undefined): number | undefined {
  if (began === undefined || ended === undefined) return undefined;
  const ms = ended.monotonicMs - began.monotonicMs;
  return ms < 0 ? undefined : ms;
}
