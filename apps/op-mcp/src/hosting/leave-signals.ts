/** Why a server leaves. */
export type LeaveReason = "SIGTERM" | "SIGINT";

/** What signals of the process lead to. */
export interface LeaveSignals {
  /** Called once. */
  readonly leave: (reason: LeaveReason) => void;
  /** SIGHUP, by which services are told to read their files again. */
  readonly reload: () => void;
  /** Ctrl-C, which somebody else listens to. */
  readonly interrupt: AbortSignal;
}

/** What a process's exit code says after a signal, by the custom of shells. */
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

/** Waits for the first signal to leave; the second one ends the process at once. */
export function watchSignals({ leave, reload, interrupt }: LeaveSignals): Disposable {
  let isLeaving = false;
  const told = (reason: LeaveReason): void => {
    if (isLeaving) process.exit(exitCodes[reason]);
    isLeaving = true;
    leave(reason);
  };
  const onTerminate = (): void => told("SIGTERM");
  const onInterrupt = (): void => told("SIGINT");
  process.on("SIGTERM", onTerminate);
  process.on("SIGHUP", reload);
  interrupt.addEventListener("abort", onInterrupt, { once: true });
  if (interrupt.aborted) onInterrupt();
  return {
    [Symbol.dispose]: () => {
      process.off("SIGTERM", onTerminate);
      process.off("SIGHUP", reload);
      interrupt.removeEventListener("abort", onInterrupt);
    },
  };
}
