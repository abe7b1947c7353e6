import type { ServerResponse } from "node:http";
import type { Clock } from "op-core";

/** How long a client may take nothing of what waits for it. */
export interface StallRules {
  readonly clock: Clock;
  readonly keepAliveMs: number;
}

/** Whether a client took nothing since `lastWritten` bytes, although something waits for it. */
export function hasStalled(res: ServerResponse, lastWritten: number): boolean {
  return res.writableLength > 0 && writtenTo(res) === lastWritten;
}

/** Bytes the client's connection has taken so far. */
export function writtenTo(res: ServerResponse): number {
  return res.socket?.bytesWritten ?? 0;
}

/** Gives up a client that does not take the rest of a finished answer; costs nothing when the answer is gone already. */
export function watchStall(res: ServerResponse, rules: StallRules): void {
  if (!res.writableEnded || res.writableFinished || res.writableLength === 0) return;
  const lastWritten = writtenTo(res);
  const timer = rules.clock.startTimer(rules.keepAliveMs, () => {
    if (res.closed) return;
    if (hasStalled(res, lastWritten)) res.destroy();
    else watchStall(res, rules);
  });
  timer.unref();
  res.once("close", () => timer[Symbol.dispose]());
}
