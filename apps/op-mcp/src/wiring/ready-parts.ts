import type { Toolbox } from "op-tools";
import type { Audit } from "../audit/audit.ts";
import type { LazyDBus } from "../dbus/lazy-dbus.ts";
import type { ReadyPart } from "../hosting/status/readiness.ts";
import type { LazyState } from "../state/lazy-state.ts";
import type { Upstreams } from "../upstreams/upstreams.ts";
import type { Agents } from "./create-agents.ts";

/** What is looked at from outside. */
export interface WatchedParts {
  readonly audit: Audit;
  readonly dbus: readonly LazyDBus[];
  readonly state: readonly LazyState[];
  readonly agents: Pick<Agents, "parts">;
  readonly upstreams: Pick<Upstreams, "has">;
  readonly toolbox: Pick<Toolbox, "status">;
}

/** Every part without which requests would fail, or fail in part; asked for anew each time, because sources come and go. */
export function readyParts(watched: WatchedParts): () => readonly ReadyPart[] {
  const { audit, dbus, state, agents } = watched;
  const lasting = [
    auditPart(audit),
    ...dbus.map(busPart),
    ...state.map(recoveryPart),
    ...agents.parts,
  ];
  return () => [...lasting, ...sourceParts(watched)];
}

/** The audit log as it is looked at from outside. */
function auditPart(audit: Audit): ReadyPart {
  return { name: "audit", check: () => audit.open().then(() => "ok") };
}

/** The buses of a machine as they are looked at from outside. */
function busPart(bus: LazyDBus): ReadyPart {
  return { name: `bus ${bus.name}`, check: (signal) => bus.check({ signal }).then(() => "ok") };
}

/** What an earlier process left half done, as it is looked at from outside. */
function recoveryPart({ recovery }: LazyState): ReadyPart {
  return { name: "interrupted runs", check: recovery };
}

/**
 * The sources there are now. One that failed is not counted on, also where its tools are known from before. Another
 * server may fail without requests for the rest going elsewhere.
 */
function sourceParts({ toolbox, upstreams }: WatchedParts): readonly ReadyPart[] {
  return toolbox.status().sources.map(({ name, state, tools }) => {
    const isUpstream = upstreams.has(name);
    const isKnown = state.kind === "ready" || tools > 0;
    const known = isKnown ? "ok" : "starting";
    const failed = isUpstream ? "degraded" : "failing";
    const kind = isUpstream ? "upstream" : "source";
    return { name: `${kind} ${name}`, check: () => (state.kind === "failed" ? failed : known) };
  });
}
