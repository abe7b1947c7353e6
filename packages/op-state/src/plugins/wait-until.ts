import { sleep, systemClock } from "op-core";

/** How long something is waited for. */
export interface WaitUntilOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const everyMs = 50;

/** Asks again and again until it is so; false when it never was. For what services tell no event of. */
export async function waitUntil(
  isSo: () => Promise<boolean>,
  { timeoutMs, signal }: WaitUntilOptions,
): Promise<boolean> {
  const untilMs = systemClock.monotonic() + timeoutMs;
  for (;;) {
    if (await isSo()) return true;
    if (systemClock.monotonic() >= untilMs) return false;
    await sleep(everyMs, { signal });
  }
}
