import type { Clock, Timer } from "op-core";

/** Why a process that serves on its standard streams should leave. */
export type LeaveReason = "SIGTERM" | "SIGHUP" | "SIGINT" | "parent-died";

const parentPollMs = 2000;

const signals = ["SIGTERM", "SIGHUP", "SIGINT"] as const;

/**
 * Calls back once, when the process is told to leave or its parent has died. A client that crashed leaves its pipe
 * open in other children, so that the end of stdin alone would never come.
 */
export function watchForLeave(clock: Clock, leave: (reason: LeaveReason) => void): Disposable {
  const parent = process.ppid;
  let timer: Timer | undefined;
  const stop = (): void => {
    timer?.[Symbol.dispose]();
    for (const signal of signals) process.off(signal, onSignal);
  };
  const tell = (reason: LeaveReason): void => {
    stop();
    leave(reason);
  };
  const onSignal = (signal: (typeof signals)[number]): void => tell(signal);
  const poll = (): void => {
    timer = clock.startTimer(parentPollMs, () =>
      process.ppid === parent ? poll() : tell("parent-died"),
    );
    timer.unref();
  };
  for (const signal of signals) process.on(signal, onSignal);
  poll();
  return { [Symbol.dispose]: stop };
}
