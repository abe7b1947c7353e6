import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { defineAgent, openAgentPool, openNativeBackend } from "../../src/index.ts";
import { never } from "../fixtures/pools.ts";

const file = fileURLToPath(new URL("../../examples/echo_agent.py", import.meta.url));
const operation = {
  description: "For a test.",
  inputSchema: {},
  isIdempotent: true,
  risk: "read",
} as const;

it("an agent in Python echoes, reports progress, stops when told, and leaves with success", async () => {
  const spec = defineAgent({
    type: "python",
    program: { kind: "executable", argv: ["/usr/bin/python3", file] },
    operations: [
      { ...operation, name: "echo" },
      { ...operation, name: "count" },
    ],
    instances: { min: 1, max: 1 },
    sandbox: { readable: [file] },
  });
  await using backend = await openNativeBackend();
  await using pool = await openAgentPool({ backend, specs: [spec] }, { signal: never });
  const run = async (name: string, input: unknown, signal = never) =>
    await pool.run(
      { type: "python", operation: name, input: input as never, onProgress },
      { signal },
    );
  const seen: unknown[] = [];
  const stop = new AbortController();
  const onProgress = (data: unknown) => {
    seen.push(data);
    if (seen.length > 3) stop.abort(new Error("enough"));
  };

  expect(await run("echo", { text: "grüße" })).toEqual({ text: "grüße" });
  expect(await run("count", { to: 3 })).toBe(3);
  expect(seen).toEqual([0, 1, 2]);
  await expect(run("count", { to: 1000, pauseSeconds: 0.05 }, stop.signal)).rejects.toThrow(
    "enough",
  );
  await expect(run("count", null)).rejects.toMatchObject({ code: "ERR_AGENT_TASK" });
  const [agent] = pool.agents;
  expect(await pool.checkHealth({ signal: never })).toEqual({ healthy: 1, unhealthy: [] });
  agent?.drain();
  expect(await agent?.ended).toEqual({ kind: "stopped", wasAsked: true });
});
