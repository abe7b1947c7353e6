/** Runs chaos: `pnpm --filter op-agents chaos --seconds 300 --seed 1`. Prints one JSON object a line; fails by its exit code. */
import { parseArgs } from "node:util";
import { faultsIn } from "./faults-in.ts";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "300" }, seed: { type: "string", default: "1" } },
});
const rounds = await runChaos({
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  onRound: (round) => process.stdout.write(`${JSON.stringify(round)}\n`),
});
const faults = faultsIn(rounds);
const tasks = rounds.reduce((sum, { report }) => sum + (report?.tasks ?? 0), 0);
process.stdout.write(`${JSON.stringify({ rounds: rounds.length, tasks, faults })}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
