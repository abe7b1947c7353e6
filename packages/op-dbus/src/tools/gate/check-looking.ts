import type { Caller } from "../../access/access-decision.ts";
import { introspectableInterface } from "../../proxy/standard-interfaces.ts";
import { denialOf, type Gate } from "./gate.ts";

/** Refuses to tell what a service offers to whom a rule denies it; throws `ERR_DBUS_ACCESS_DENIED`. */
export function checkLooking(
  gate: Gate,
  caller: Caller,
  { bus, service }: { readonly bus: string; readonly service: string },
): void {
  const { name } = introspectableInterface;
  const verdict = gate.judge(
    { bus, service, interface: name, member: "Introspect", kind: "call", path: "/", args: {} },
    caller,
  );
  if (verdict.decision.verdict === "deny") throw denialOf(verdict);
}
