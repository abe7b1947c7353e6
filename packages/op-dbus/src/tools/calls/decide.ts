import type { OpError, Span } from "op-core";
import type { ToolContext } from "op-tools";
import type { BusOperation } from "../../access/bus-operation.ts";
import type { Annotations } from "../../introspection/description.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import { NotReadOnlyError } from "../dbus-tools-error.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import type { Caller } from "../../access/access-decision.ts";
import { isRead } from "../gate/class-risk.ts";
import { callerOf, denialOf, nameOf, type Verdict } from "../gate/gate.ts";
import { withUnitAliases } from "../gate/unit-aliases.ts";

/** The call in which something is asked for. */
export interface CallOrigin {
  /** Tells calls apart, so that what was agreed to is what is done. */
  readonly requestId: string;
  /** The work it is a part of, where that is traced. */
  readonly span?: Span;
}

/** Who asks, and until when. */
export interface Asking extends CallOrigin {
  readonly caller: Caller;
  /** Whether this way leads past whoever asks people for their yes; only tools that change something do. */
  readonly canBeApproved: boolean;
  readonly signal: AbortSignal;
}

/** Who asks by a call of a tool. */
export function askingOf(context: ToolContext, canBeApproved: boolean): Asking {
  const { requestId, signal, span } = context;
  const traced = span === undefined ? {} : { span };
  return { caller: callerOf(context), canBeApproved, requestId, signal, ...traced };
}

/** An operation as it would be sent. */
export interface Undecided {
  readonly catalogue: BusCatalogue;
  readonly operation: BusOperation;
  readonly annotations: Annotations;
}

/**
 * Asks the gate about an operation that is about to happen. What changes something is looked at with every name that it
 * may go by. Rejects with `ERR_DBUS_ACCESS_DENIED`, and with `ERR_DBUS_NOT_READ_ONLY` where a person would have to be
 * asked and cannot.
 */
export async function decide(
  { gate, times }: DBusRuntime,
  { catalogue, operation, annotations }: Undecided,
  asking: Asking,
): Promise<Verdict> {
  const { caller, signal } = asking;
  const verdict = refuse(gate.judge(operation, caller, annotations), asking);
  if (isRead(verdict.classification.class)) return verdict;
  const bus = await catalogue.connection(signal);
  const timeoutMs = times.callTimeoutMs;
  const named = await withUnitAliases(bus, operation, { signal, timeoutMs });
  return named === operation ? verdict : refuse(gate.judge(named, caller, annotations), asking);
}

/** Why an operation may not happen in this way; nothing when it may. */
export function problemOf(
  { operation, decision, classification }: Verdict,
  { canBeApproved }: Pick<Asking, "canBeApproved">,
): OpError | undefined {
  if (decision.verdict === "deny") return denialOf({ operation, decision, classification });
  return decision.needsApproval && !canBeApproved
    ? new NotReadOnlyError(nameOf(operation), "the rules want a person's yes for it.")
    : undefined;
}

function refuse(verdict: Verdict, asking: Asking): Verdict {
  const problem = problemOf(verdict, asking);
  if (problem !== undefined) throw problem;
  return verdict;
}
