import type { BenchRow } from "./bench-row.ts";
import { callRow } from "./rows/call.ts";
import { heapRow, lookupRow, registerRow } from "./rows/registry.ts";
import { policyRow } from "./rows/policy.ts";
import { rssRow } from "./rows/rss.ts";
import { searchRow } from "./rows/search.ts";
import { startRow } from "./rows/start.ts";
import { startUpstreamsRow } from "./rows/start-upstreams.ts";

/** Every promise that is measured, in the order of the table. */
export const rows: readonly BenchRow[] = [
  startRow,
  startUpstreamsRow,
  callRow,
  registerRow,
  lookupRow,
  heapRow,
  rssRow,
  searchRow,
  policyRow,
];
