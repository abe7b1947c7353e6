import type { LimitName } from "./limits.ts";
import type { ResourceUsage } from "./resource-usage.ts";

/** Why this package ended a child. */
export type KillReason = "kill" | "abort" | "host-closed" | "spawner-lost";

/** How a child ended. */
export type ExitCause =
  /** By itself. */
  | { readonly kind: "exited"; readonly code: number }
  /** By a signal that this package did not send. */
  | { readonly kind: "signalled"; readonly signal: string }
  /** By this package, on somebody's word. */
  | { readonly kind: "killed"; readonly reason: KillReason }
  /** By this package or the kernel, because it went beyond a limit. */
  | { readonly kind: "limit"; readonly limit: LimitName };

/** How a child ended and what it had used. */
export type ExitStatus = ExitCause & {
  /** The last that was measured. */
  readonly usage: ResourceUsage;
};
