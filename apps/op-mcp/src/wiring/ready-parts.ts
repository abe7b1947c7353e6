import type { Toolbox } from "op-tools";
import type { Audit } from "../audit/audit.ts";
import type { LazyDBus } from "../dbus/lazy-dbus.ts";
import type { ReadyPart } from "../hosting/status/readiness.ts";
import type { LazyState } from "../state/lazy-state.ts";

/** The audit log as it is looked at from outside. */
export function auditPart(audit: Audit): ReadyPart {
  return { name: "audit", check: () => audit.open().then(() => "ok") };
}

/** The buses of a machine as they are looked at from outside. */
export function busPart(bus: LazyDBus): ReadyPart {
  return { name: `bus ${bus.name}`, check: (signal) => bus.check({ signal }).then(() => "ok") };
}

/** What an earlier process left half done, as it is looked at from outside. */
export function recoveryPart({ recovery }: LazyState): ReadyPart {
  return { name: "interrupted runs", check: recovery };
}

/**
 * The sources there are now. One that failed is not counted on, also where its tools are known from before. Another
 * server may fail without requests for the rest going elsewhere.
 */
export function sourceParts(
  toolbox: Pick<Toolbox, "status">,
  isUpstream: (source: string) => boolean,
): readonly ReadyPart[] {
  const own = toolbox.status().sources.filter(({ name }) => !isUpstream(name));
  return own.map(({ name, state, tools }) => {
    const isKnown = state.kind === "ready" || tools > 0;
    const known = isKnown ? "ok" : "starting";
    return { name: `source ${name}`, check: () => (state.kind === "failed" ? "failing" : known) };
  });
}
