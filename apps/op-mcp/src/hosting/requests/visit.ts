import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AuthRequest } from "../../auth/auth-request.ts";
import type { Authenticated } from "../../auth/auth-result.ts";
import type { RouteName } from "./route.ts";

/** One request from its arrival until nothing of it is left: its answer is sent, or its stream or WebSocket has ended. */
export interface Visit {
  readonly id: string;
  readonly req: IncomingMessage;
  readonly path: string;
  readonly auth: AuthRequest;
  /** Aborts when it is over. */
  readonly signal: AbortSignal;
  /** Ends it from this side, whatever is in flight. */
  readonly end: () => void;
  route: RouteName;
  /** Whoever it was that was let in. */
  caller?: Authenticated;
  checkedAtMs: number;
  /** Whether the authentication has told the audit log of a refusal. */
  isTold: boolean;
}

/** What a visit begins with. */
export interface VisitStart {
  readonly req: IncomingMessage;
  readonly path: string;
  readonly auth: AuthRequest;
  /** What ends when the visit does: the response, or the socket of an upgrade. */
  readonly carrier: ServerResponse | Duplex;
  readonly nowMs: number;
  readonly onOver: (visit: Visit) => void;
}

/** One reason for all: each would have a stack of its own, which takes longer than all else of a visit here. */
const over = new DOMException("The request is over.", "AbortError");

/** Begins a visit. */
export function beginVisit({ req, path, auth, carrier, nowMs, onOver }: VisitStart): Visit {
  const controller = new AbortController();
  const visit: Visit = {
    id: randomUUID(),
    req,
    path,
    auth,
    signal: controller.signal,
    end: () => void carrier.destroy(),
    route: "none",
    checkedAtMs: nowMs,
    isTold: false,
  };
  carrier.once("close", () => {
    controller.abort(over);
    onOver(visit);
  });
  return visit;
}
