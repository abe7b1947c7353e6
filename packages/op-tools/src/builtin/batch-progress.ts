import type { ProgressUpdate, ToolContext } from "../tool/tool-context.ts";

/** How far calls made together have come: each counts as one, and what it reports of itself as a part of that. */
export class BatchProgress {
  readonly #parts: number[];
  readonly #report: ToolContext["reportProgress"];

  constructor(count: number, report: ToolContext["reportProgress"]) {
    this.#parts = Array.from({ length: count }, () => 0);
    this.#report = report;
  }

  /** Where the call at this place reports its own progress. */
  reporterOf(index: number, name: string): ToolContext["reportProgress"] {
    return ({ progress, total, message }) => {
      const part = total === undefined || total <= 0 ? 0 : Math.min(progress / total, 1);
      this.#advance(index, part, message === undefined ? name : `${name}: ${message}`);
    };
  }

  finish(index: number, name: string): void {
    this.#advance(index, 1, `${name}: done`);
  }

  #advance(index: number, part: number, message: string): void {
    const before = this.#parts[index] ?? 0;
    // What does not grow is no progress, as a call that goes on reporting after its end.
    if (part <= before) return;
    this.#parts[index] = part;
    const update: ProgressUpdate = {
      progress: this.#parts.reduce((sum, each) => sum + each, 0),
      total: this.#parts.length,
      message,
    };
    this.#report(update);
  }
}
