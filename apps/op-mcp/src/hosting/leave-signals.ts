/** Why a server leaves. */
export type LeaveReason = "SIGTERM" | "SIGINT" | "SIGHUP";

/** What signals of the process lead to. */
export interface LeaveSignals {
  /** Called once. */
  readonly leave: (reason: LeaveReason) => void;
  /** For SIGHUP, by which services are told to read their files again. */
  readonly reload: () => void;
  /** Whether somebody sits at a terminal: then SIGHUP says that it was closed. */
  readonly hasTerminal: boolean;
  /** Ctrl-C, which somebody else listens to. */
  readonly interrupt: AbortSignal;
}

/** What a process's exit code says after a signal, by the custom of shells. */
const exitCodes = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;

/** Waits for the first signal to leave; the second one ends the process at once. */
export function watchSignals(signals: LeaveSignals): Disposable {
  const { leave, reload, hasTerminal, interrupt } = signals;
  let isLeaving = false;
  const told = (reason: LeaveReason): void => {
    if (isLeaving) process.exit(exitCodes[reason]);
    isLeaving = true;
    leave(reason);
  };
  const onTerminate = (): void => told("SIGTERM");
  const onInterrupt = (): void => told("SIGINT");
  const onHangUp = (): void => (hasTerminal ? told("SIGHUP") : reload());
  process.on("SIGTERM", onTerminate);
  process.on("SIGHUP", onHangUp);
  interrupt.addEventListener("abort", onInterrupt, { once: true });
  if (interrupt.aborted) onInterrupt();
  return {
    [Symbol.dispose]: () => {
      process.off("SIGTERM", onTerminate);
      process.off("SIGHUP", onHangUp);
      interrupt.removeEventListener("abort", onInterrupt);
    },
  };
}
