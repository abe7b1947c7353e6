import { sleep, systemClock } from "op-core";
import { describe, expect, it } from "vitest";
import type { UpstreamSources } from "../../src/index.ts";
import { createTestContext } from "op-tools/testing";
import { callFaults, faultServer, startFaults } from "../fixtures/fault-server.ts";
import { openRig, scriptServer } from "../fixtures/real-upstreams.ts";

const { signal } = new AbortController();
const healthyCount = 9;

async function call({ tools }: UpstreamSources, name: string): Promise<unknown> {
  const tool = await tools.load(name, { signal });
  const { content } = await tool.call({}, createTestContext());
  return content[0]?.type === "text" ? content[0].text : content;
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
}

/** Calls the healthy ones in turn until it is told to stop, and says how long each call took. */
async function load(
  healthy: readonly UpstreamSources[],
  isOver: () => boolean,
): Promise<readonly number[]> {
  const times: number[] = [];
  const keepCalling = async (one: UpstreamSources): Promise<void> => {
    while (!isOver()) {
      const started = performance.now();
      expect(await call(one, "ok")).toBe("fine");
      times.push(performance.now() - started);
      await sleep(10, { clock: systemClock, signal });
    }
  };
  await Promise.all(healthy.map(keepCalling));
  return times;
}

describe("nine healthy upstreams, while others go wrong in every way", () => {
  it("answer every call, as soon as before", async () => {
    const faulty = { requestTimeoutMs: 300, connectTimeoutMs: 1000, idleMs: 200 };
    const rig = await openRig([
      ...Array.from({ length: healthyCount }, (_, index) => ({
        name: `healthy-${index}`,
        transport: scriptServer(faultServer()),
      })),
      ...callFaults.map((fault) => ({
        name: `call-${fault}`,
        transport: scriptServer(faultServer()),
        ...faulty,
      })),
      ...startFaults.map((mode) => ({
        name: `start-${mode}`,
        transport: scriptServer(faultServer(mode)),
        ...faulty,
      })),
    ]);
    await using _closed = { [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
    const { upstreams } = rig.aggregator;
    const healthy = upstreams.slice(0, healthyCount);
    expect(callFaults.length + startFaults.length).toBeGreaterThanOrEqual(25);
    await Promise.all(healthy.map((one) => call(one, "ok")));

    const quietUntil = performance.now() + 2000;
    const quiet = await load(healthy, () => performance.now() > quietUntil);
    let isOver = false;
    const loaded = load(healthy, () => isOver);
    for (const [index, one] of upstreams.slice(healthyCount).entries()) {
      const fault = callFaults[index] ?? "ok";
      // How each fault ends is told by other tests; here it matters to the others only.
      await call(one, fault).then(undefined, () => undefined);
    }
    isOver = true;
    const stormy = await loaded;

    // A fault costs its neighbours the time in which the machine starts its process, and no more.
    expect(stormy.length).toBeGreaterThan(healthyCount * 20);
    expect(p99(stormy)).toBeLessThan(Math.max(250, 3 * p99(quiet)));
    expect(healthy.map(({ status }) => status.failures)).toEqual(healthy.map(() => 0));
    await rig.aggregator[Symbol.asyncDispose]();
    expect(rig.childCount).toBe(0);
    process.stdout.write(
      `p99 of ${stormy.length} calls in the storm ${p99(stormy).toFixed(1)} ms, of ${quiet.length} before ${p99(quiet).toFixed(1)} ms\n`,
    );
  }, 180_000);
});
