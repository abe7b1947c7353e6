/** Signals a process, or with a negative number a group; says whether somebody was there to get it. */
export function sendSignal(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    // It is gone, or it became another user's: then whoever reads the table again decides.
    return false;
  }
}
