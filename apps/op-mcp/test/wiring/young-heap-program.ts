/** Allocates as a busy server does, and tells how large the space for new objects became. */
import { getHeapSpaceStatistics } from "node:v8";
import { sleep, systemClock } from "op-core";
import { boundYoungHeap } from "../../src/wiring/bound-young-heap.ts";

const [isBounded] = process.argv.slice(2);
using _heap = isBounded === "bounded" ? boundYoungHeap() : undefined;
// It is looked after from a moment after the start.
await sleep(600, { clock: systemClock });
const kept: object[] = [];
for (let round = 0; round < 400; round += 1) {
  for (let index = 0; index < 5000; index += 1)
    kept[index] = { index, round, text: `${index} of ${round}` };
  await new Promise((resolve) => setImmediate(resolve));
}
const size = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
process.stdout.write(String(size?.space_size));
