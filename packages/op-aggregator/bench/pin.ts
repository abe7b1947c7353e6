import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** A process and everything below it. */
export function treeOf(pid: number): readonly number[] {
  const parents = readdirSync("/proc")
    .map(Number)
    .filter(Number.isInteger)
    .flatMap((one) => {
      try {
        const stat = readFileSync(`/proc/${one}/stat`, "utf8");
        return [[one, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])] as const];
      } catch {
        return [];
      }
    });
  const below = (parent: number): readonly number[] =>
    parents.flatMap(([child, its]) => (its === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}

function setProcessors(list: string): void {
  for (const pid of treeOf(process.pid)) {
    try {
      execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", list, String(pid)], {
        stdio: "ignore",
      });
    } catch {
      // It left meanwhile.
    }
  }
}

/**
 * Keeps this process and its children on one processor until it is disposed. Who calls one at a time waits for each
 * process in turn, so one is enough; on several, how long a sleeping one takes to wake decides what is measured.
 */
export function pinTree(): Disposable {
  setProcessors("0");
  return { [Symbol.dispose]: () => setProcessors(`0-${cpus().length - 1}`) };
}
