import { abortable, startDeadline, type Clock, type Logger } from "op-core";

/** What closing takes. */
export interface CloseInTimeOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly withinMs?: number;
}

/**
 * Closes what was open, at the end of the process. What fails to close, or does not let go in time, is told in the log
 * and left behind: a plugin must not keep the process, nor turn work that is done into a failure.
 */
export async function closeInTime(
  open: AsyncDisposable,
  { clock, logger, withinMs = 1000 }: CloseInTimeOptions,
): Promise<void> {
  using deadline = startDeadline({ what: "Closing everything", ms: withinMs, clock });
  try {
    await abortable(open[Symbol.asyncDispose](), deadline.signal);
  } catch (error) {
    logger.info("not everything closed cleanly", { error });
  }
}
