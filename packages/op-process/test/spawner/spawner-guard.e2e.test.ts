import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { rigs } from "../fixtures/rigs.ts";

const storm = fileURLToPath(new URL("../fixtures/start-storm.ts", import.meta.url));

/** Processes that carry a word in their command line: what was to run, and all that was to come before it. */
function processesWith(word: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/u.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
    } catch {
      return false;
    }
  });
}

/** Numbers from 0 to 1, the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where a start goes different ways. */
const ways = rigs.filter(
  ({ level, useCgroups }) => level === "full" || (level === "none" && !useCgroups),
);
const rounds = 4;

describe.each(ways)("at level $name", ({ level, useCgroups }) => {
  test.each(["the host", "the spawner and its host at once"])(
    "kill -9 of %s at any moment of a start leaves nothing",
    { timeout: 120_000 },
    async (who) => {
      const random = createRandom(7);
      for (let round = 0; round < rounds; round += 1) {
        const word = randomUUID();
        const how = [word, level, useCgroups ? "cgroup" : "traces"];
        const host = spawn(process.execPath, ["--conditions=@op-mcp/source", storm, ...how], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const exited = once(host, "exit");
        const [spawner] = await once(createInterface(host.stdout), "line");
        const untilMs = performance.now() + random() * 60;
        // Waiting by a timer would always meet the same turns of the event loop.
        while (performance.now() < untilMs);
        if (who !== "the host") process.kill(Number(spawner), "SIGKILL");
        host.kill("SIGKILL");
        await exited;
        await vi.waitFor(() => expect(processesWith(word)).toEqual([]), { timeout: 10_000 });
      }
    },
  );
});
