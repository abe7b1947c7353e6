import type { Clock, JsonObject } from "op-core";
import type { Audit } from "./audit.ts";

/** The first requests go before it. */
const headStartMs = 1000;

/**
 * The same audit, which notes that the server started before anything else, and that it stopped. A server that is gone
 * again at once, having done nothing, leaves no trace.
 */
export function noteLife(audit: Audit, clock: Clock, details: JsonObject): Audit {
  let isNoted = false;
  const begin = (): void => {
    if (isNoted) return;
    isNoted = true;
    audit.note({ kind: "event", event: "started", details }, "continue");
  };
  const timer = clock.startTimer(headStartMs, begin);
  timer.unref();
  return {
    note: (draft, whenUnavailable) => {
      begin();
      audit.note(draft, whenUnavailable);
    },
    write: (draft, whenUnavailable) => {
      begin();
      return audit.write(draft, whenUnavailable);
    },
    open: () => audit.open(),
    flush: () => audit.flush(),
    status: () => audit.status(),
    [Symbol.asyncDispose]: async () => {
      timer[Symbol.dispose]();
      if (isNoted) audit.note({ kind: "event", event: "stopped", details }, "continue");
      await audit[Symbol.asyncDispose]();
    },
  };
}
