import type { Caller } from "../../access/access-decision.ts";
import { introspectableInterface } from "../../proxy/standard-interfaces.ts";
import { denialOf, type Gate } from "./gate.ts";

/** Refuses to tell what a service, or one object of it, offers to whom a rule denies it; throws `ERR_DBUS_ACCESS_DENIED`. */
export function checkLooking(
  gate: Gate,
  caller: Caller,
  place: { readonly bus: string; readonly service: string; readonly path?: string },
): void {
  const { name } = introspectableInterface;
  const { bus, service, path = "/" } = place;
  const verdict = gate.judge(
    { bus, service, interface: name, member: "Introspect", kind: "call", path, args: {} },
    caller,
  );
  if (verdict.decision.verdict === "deny") throw denialOf(verdict);
}
