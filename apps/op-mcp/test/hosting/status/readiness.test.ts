import { silentLogger } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, it } from "vitest";
import { createReadiness, type ReadyPart } from "../../../src/hosting/status/readiness.ts";

const { signal } = new AbortController();

function setUp(parts: readonly ReadyPart[]) {
  const clock = createManualClock();
  return { clock, readiness: createReadiness({ parts: () => parts, clock, logger: silentLogger }) };
}

it("waits for no part longer than a moment", async () => {
  const never: ReadyPart = { name: "audit", check: () => new Promise(() => undefined) };
  const well: ReadyPart = { name: "store", check: () => "ok" };
  const { clock, readiness } = setUp([never, well]);
  const asked = readiness.report(signal);
  await clock.advance(2000);
  const { isReady, body } = await asked;
  expect(isReady).toBe(false);
  expect(JSON.parse(body)).toEqual({
    status: "not-ready",
    parts: { audit: "failing", store: "ok" },
  });
  expect(clock.pendingTimers).toBe(0);
});

it("is not given while a part starts or leaves", async () => {
  for (const state of ["starting", "leaving"] as const) {
    const { readiness } = setUp([{ name: "one", check: () => state }]);
    expect((await readiness.report(signal)).isReady).toBe(false);
  }
});

it("is given where a part works in part, which is said", async () => {
  const { readiness } = setUp([{ name: "upstream files", check: () => "degraded" }]);
  const { isReady, body } = await readiness.report(signal);
  expect(isReady).toBe(true);
  expect(JSON.parse(body)).toEqual({ status: "ready", parts: { "upstream files": "degraded" } });
});
