import { expect, it } from "vitest";
import { openAgentPool, openNativeBackend, type AgentPool } from "../../src/index.ts";
import { fixtureSpec, never } from "../fixtures/pools.ts";

const types = ["one", "two", "three"];
const echo = (type: string) => ({ type, operation: "echo", input: type });

async function openPool(maxAgents: number): Promise<AgentPool & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const backend = opened.use(await openNativeBackend());
  const specs = types.map((type) => fixtureSpec({ type, instances: { min: 1, max: 3 } }));
  const pool = opened.use(
    await openAgentPool({ backend, specs, maxAgents, closeMs: 0 }, { signal: never }),
  );
  const owned = opened.move();
  return Object.defineProperty(pool, Symbol.asyncDispose, {
    value: async () => await owned.disposeAsync(),
  });
}

it("an idle agent makes room for a type that has none", { timeout: 30_000 }, async () => {
  await using pool = await openPool(1);
  for (const type of [...types, ...types]) {
    expect(await pool.run(echo(type), { signal: never })).toBe(type);
    expect(pool.agents.length).toBeLessThanOrEqual(1);
  }
});

it("a type that is never idle lets others have their turn", { timeout: 30_000 }, async () => {
  await using pool = await openPool(1);
  const stop = new AbortController();
  // There are always some that wait.
  const busy = Array.from({ length: 3 }, async () => {
    while (!stop.signal.aborted) await pool.run(echo("one"), { signal: never });
  });
  expect(await pool.run(echo("two"), { signal: never })).toBe("two");
  expect(await pool.run(echo("three"), { signal: never })).toBe("three");
  stop.abort();
  await Promise.all(busy);
});
