import type { SandboxReport } from "../sandbox/sandbox-report.ts";
import type { SandboxLevel } from "../sandbox/sandbox-level.ts";
import type { SandboxShortfall, SpawnFailure } from "../process-error.ts";
import type { ProcessTraces } from "../processes/process-traces.ts";
import type { ExitStatus, KillReason } from "../spec/exit-status.ts";
import type { LimitName } from "../spec/limits.ts";
import type { ResourceUsage } from "../spec/resource-usage.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";

/** The names of the standard streams. */
export const streamNames = ["stdin", "stdout", "stderr"] as const;

/** The name of a standard stream. */
export type StreamName = (typeof streamNames)[number];

/** Tokens are UUIDs. */
export const tokenLength = 36;

/** Why a child is to be killed. */
export type KillCause =
  | { readonly kind: "killed"; readonly reason: KillReason }
  | { readonly kind: "limit"; readonly limit: LimitName };

/** A child to start. */
export interface StartOrder {
  readonly type: "start";
  readonly id: number;
  readonly spec: SpawnSpec;
  readonly marker: string;
  /** What the connection of each piped stream begins with, so that the spawner knows which it is. */
  readonly tokens: Readonly<Partial<Record<StreamName, string>>>;
}

/** What the host tells its spawner. */
export type SpawnerOrder =
  | StartOrder
  | {
      readonly type: "kill";
      readonly id: number;
      readonly cause: KillCause;
      readonly graceMs?: number;
    }
  | { readonly type: "signal"; readonly id: number; readonly signal: NodeJS.Signals }
  | { readonly type: "measure"; readonly id: number; readonly request: number }
  | { readonly type: "inspect"; readonly request: number };

/** What the spawner tells its host. */
export type SpawnerNews =
  | { readonly type: "ready"; readonly cgroup: string | null }
  | {
      readonly type: "started";
      readonly id: number;
      readonly pid: number;
      readonly level: SandboxLevel;
      readonly traces: ProcessTraces;
    }
  | { readonly type: "failed"; readonly id: number; readonly failure: SpawnFailure }
  | { readonly type: "unavailable"; readonly id: number; readonly shortfall: SandboxShortfall }
  | { readonly type: "ended"; readonly id: number; readonly status: ExitStatus }
  | { readonly type: "measured"; readonly request: number; readonly usage: ResourceUsage }
  | { readonly type: "inspected"; readonly request: number; readonly report: SandboxReport };

/** Where the spawner finds what it needs from its start; it reads no other environment. */
export interface SpawnerSettings {
  /** The socket at which it takes the children's streams, in a folder that nobody else can enter. */
  readonly socket: string;
  readonly useCgroups: boolean;
}

const orderTypes = new Set(["start", "kill", "signal", "measure", "inspect"]);
const newsTypes = new Set([
  "ready",
  "started",
  "failed",
  "unavailable",
  "ended",
  "measured",
  "inspected",
]);

/** Whether a message is an order. Both ends are of one build and the channel is private: its type is enough. */
export function isOrder(message: unknown): message is SpawnerOrder {
  return hasType(message, orderTypes);
}

/** Whether a message is news; its type is enough, as for {@link isOrder}. */
export function isNews(message: unknown): message is SpawnerNews {
  return hasType(message, newsTypes);
}

function hasType(message: unknown, types: ReadonlySet<string>): boolean {
  if (typeof message !== "object" || message === null || !("type" in message)) return false;
  return typeof message.type === "string" && types.has(message.type);
}
