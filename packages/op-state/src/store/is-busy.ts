const busy = 5;

/** Whether SQLite failed because somebody else has what was wanted. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === busy;
}
