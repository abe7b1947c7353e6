/** How the tools of a source stand. */
export type SourceState =
  /** Not listed yet; what is known of it comes from the manifest. */
  | { readonly kind: "waiting" }
  | { readonly kind: "listing" }
  | { readonly kind: "ready" }
  /** The last listing failed; what was known before stays, and it is tried again. */
  | { readonly kind: "failed"; readonly error: string; readonly failures: number };

/** A source of whose tools nothing is known, and why. */
export interface MissingTools {
  readonly source: string;
  readonly reason: string;
}

/** A tool that is not offered, and why. */
export interface QuarantinedTool {
  readonly source: string;
  readonly name: string;
  readonly reason: string;
}

/** What is known of one source. */
export interface SourceStatus {
  readonly name: string;
  readonly state: SourceState;
  readonly tools: number;
  /** Whether its tools were not confirmed in this run. */
  readonly isStale: boolean;
}
