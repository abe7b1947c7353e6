/** How often and how a tool was used. */
export interface ToolUsage {
  readonly calls: number;
  readonly errors: number;
  /** Wall time in milliseconds, or nothing where it was never called. */
  readonly lastUsedAt: number | undefined;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

/** One call that is over. */
export interface FinishedCall {
  readonly durationMs: number;
  readonly failed: boolean;
  readonly at: number;
}

/** Sums up the calls of one tool. */
export class UsageCount implements ToolUsage {
  calls = 0;
  errors = 0;
  lastUsedAt: number | undefined;
  totalMs = 0;
  maxMs = 0;

  get meanMs(): number {
    return this.calls === 0 ? 0 : this.totalMs / this.calls;
  }

  add({ durationMs, failed, at }: FinishedCall): void {
    this.calls += 1;
    if (failed) this.errors += 1;
    this.lastUsedAt = at;
    this.totalMs += durationMs;
    this.maxMs = Math.max(this.maxMs, durationMs);
  }
}

/** What is said of a tool that was never called. */
export const unused: ToolUsage = new UsageCount();
