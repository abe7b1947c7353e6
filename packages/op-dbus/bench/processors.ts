import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

/**
 * Puts this process, and those it starts from now on, on the first processor until it is disposed. Client and bus wait
 * for each other in turn, so one is enough; on two, how fast the bus is and how long a sleeper takes to wake decide what
 * is measured.
 */
export function pinToOneProcessor(): Disposable {
  allow("0");
  return { [Symbol.dispose]: () => allow(`0-${cpus().length - 1}`) };
}

function allow(processors: string): void {
  const args = ["--all-tasks", "--cpu-list", "--pid", processors, String(process.pid)];
  execFileSync("taskset", args, { stdio: "ignore" });
}
