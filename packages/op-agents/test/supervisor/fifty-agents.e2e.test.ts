import { expect, test } from "vitest";
import { openAgentPool, openNativeBackend } from "../../src/index.ts";
import { fixtureSpec, never } from "../fixtures/pools.ts";

test(
  "fifty agents run at once, each in a sandbox of its own, and a fifty-first waits for room",
  { timeout: 240_000 },
  async () => {
    await using backend = await openNativeBackend();
    const specs = [fixtureSpec({ instances: { min: 0, max: 60 }, limits: { startMs: 120_000 } })];
    const settings = { backend, specs, maxAgents: 50, closeMs: 0, healthDeadlineMs: 60_000 };
    await using pool = await openAgentPool(settings, { signal: never });
    const begun = new Set<string | undefined>();
    const all = Promise.withResolvers<void>();
    const tasks = Array.from({ length: 51 }, () => {
      const task = pool.submit({
        type: "fixture",
        operation: "hang",
        input: null,
        deadlineMs: 230_000,
        onProgress: () => {
          begun.add(task.view.agent);
          if (begun.size === 50) all.resolve();
        },
      });
      return task;
    });
    await all.promise;
    expect(pool.agents).toHaveLength(50);
    expect(new Set(pool.agents.map(({ isolation }) => isolation))).toEqual(new Set(["full"]));
    expect(pool.list({ status: "queued" })).toHaveLength(1);
    for (const task of tasks) task.cancel("seen enough");
    const echo = { type: "fixture", operation: "echo", input: 1 };
    expect(await pool.run(echo, { signal: never })).toBe(1);
  },
);
