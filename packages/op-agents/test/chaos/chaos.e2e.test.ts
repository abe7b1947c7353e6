import { expect, it } from "vitest";
import { faultsIn } from "./faults-in.ts";
import { runChaos } from "./run-chaos.ts";

// A fifth of a minute; `pnpm --filter op-agents chaos` goes on for five.
it(
  "leaves no process, one outcome for each task, and a pool that works",
  { timeout: 180_000 },
  async () => {
    const rounds = await runChaos({ seed: 7, seconds: 12 });
    expect(faultsIn(rounds)).toEqual([]);
    expect(new Set(rounds.map(({ end }) => end))).toEqual(new Set(["killed", "stopped"]));
  },
);
