import * as fc from "fast-check";
import { expect, test } from "vitest";
import { verifyLog } from "../../src/index.ts";
import { createPowerCutFiles } from "../fixtures/power-cut-files.ts";
import { callDraft, key, openSampleLog, readAll } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

/** Writes from many callers until the power goes, and returns what was acknowledged. */
async function writeUntilCut(
  directory: string,
  run: number,
  plan: { callers: number; entries: number; random: () => number },
) {
  const files = createPowerCutFiles();
  const acknowledged: string[] = [];
  const log = await openSampleLog(directory, {
    files,
    maxSegmentBytes: 2048,
    checkpointEntries: 7,
  });
  let left = plan.entries;
  let next = 0;
  const caller = async (id: number) => {
    for (let at = 0; ; at += 1) {
      // Every third caller lets one go first for which it does not wait.
      if (id % 3 === 0) log.enqueue(callDraft(at, { requestId: `${run}-${next++}` }));
      const requestId = `${run}-${next++}`;
      await log.append(callDraft(at, { requestId }));
      acknowledged.push(requestId);
      left -= 1;
      if (left === 0) files.cut(plan.random);
    }
  };
  await Promise.allSettled(Array.from({ length: plan.callers }, async (_, id) => await caller(id)));
  await log[Symbol.asyncDispose]();
  return acknowledged;
}

test("loses nothing it acknowledged when the power goes, leaves no holes, and starts again by itself", async () => {
  const run = fc.record({
    callers: fc.integer({ min: 1, max: 20 }),
    entries: fc.integer({ min: 1, max: 60 }),
    chances: fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 4 }), async (runs) => {
      await using directory = await makeTempDirectory();
      const acknowledged: string[] = [];
      for (const [index, { chances, ...plan }] of runs.entries()) {
        const random = () => Number(chances.next().value);
        acknowledged.push(...(await writeUntilCut(directory.path, index, { ...plan, random })));
      }
      await (await openSampleLog(directory.path))[Symbol.asyncDispose]();
      const kept = (await readAll(directory.path)).map(({ requestId }) => requestId);
      expect(acknowledged.filter((id) => !kept.includes(id))).toEqual([]);
      for (const index of runs.keys()) {
        const ids = kept.filter((id) => id?.startsWith(`${index}-`) === true);
        expect(ids).toEqual(ids.map((_id, at) => `${index}-${at}`));
      }
      const report = await verifyLog({ directory: directory.path, verifiers: [key.verifier] });
      expect(report.faults).toEqual([]);
    }),
    { seed: 150, numRuns: 60 },
  );
}, 180_000);
