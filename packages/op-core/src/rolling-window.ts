/** How many buckets a window has: what is forgotten at a time is a tenth of it. */
const bucketCount = 10;

/** What a window has counted. */
export interface WindowTotals {
  readonly calls: number;
  readonly failures: number;
}

/** Counts the calls of the last while and the failures among them. */
export interface RollingWindow {
  record(isFailure: boolean, nowMs: number): void;
  totals(nowMs: number): WindowTotals;
}

interface Bucket {
  readonly index: number;
  calls: number;
  failures: number;
}

/** Makes an empty window that counts in buckets, so that its cost does not grow with the number of calls. */
export function createRollingWindow(windowMs: number): RollingWindow {
  const bucketMs = windowMs / bucketCount;
  let buckets: Bucket[] = [];
  /** Of all buckets together: they change far more seldom than somebody asks. */
  let calls = 0;
  let failures = 0;

  const currentBucket = (nowMs: number): Bucket => {
    const index = Math.floor(nowMs / bucketMs);
    const last = buckets.at(-1);
    if (last?.index === index) return last;
    const bucket = { index, calls: 0, failures: 0 };
    buckets = [...buckets.filter((old) => old.index > index - bucketCount), bucket];
    calls = buckets.reduce((sum, one) => sum + one.calls, 0);
    failures = buckets.reduce((sum, one) => sum + one.failures, 0);
    return bucket;
  };

  return {
    record: (isFailure, nowMs) => {
      const bucket = currentBucket(nowMs);
      bucket.calls += 1;
      calls += 1;
      if (!isFailure) return;
      bucket.failures += 1;
      failures += 1;
    },
    totals: (nowMs) => {
      currentBucket(nowMs);
      return { calls, failures };
    },
  };
}
