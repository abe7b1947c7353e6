import type { ChaosRound } from "./run-chaos.ts";

/** What went wrong, in sentences. */
export function faultsIn(rounds: readonly ChaosRound[]): readonly string[] {
  return rounds.flatMap(({ left, report, namespaces }) => [
    ...left.map((who) => `This process was left: ${who}`),
    ...(namespaces === 0 ? ["No agent was seen."] : []),
    ...(report === undefined || report.tasks === report.settledOnce
      ? []
      : [`Of ${report.tasks} tasks ${report.settledOnce} had exactly one outcome.`]),
    ...(report === undefined || report.isBack ? [] : ["The pool did not come back."]),
  ]);
}
