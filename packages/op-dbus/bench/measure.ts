/** What a call costs, in microseconds. */
export interface CallCost {
  /** The mean of the wall time, over all calls in flight. */
  readonly wallUs: number;
  /** The mean of this process's processor time. */
  readonly cpuUs: number;
  /** The median of the wall time of one call; the mean when more than one is in flight. */
  readonly p50Us: number;
}

/** How a call is measured. */
export interface MeasureOptions {
  readonly seconds: number;
  readonly inFlight: number;
}

/** Makes calls for some time and says what one costs. */
export async function measureCalls(
  call: () => Promise<unknown>,
  { seconds, inFlight }: MeasureOptions,
): Promise<CallCost> {
  const samples: number[] = [];
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const untilMs = startMs + seconds * 1000;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let beganMs = performance.now(); beganMs < untilMs;) {
        await call();
        const endedMs = performance.now();
        samples.push(endedMs - beganMs);
        beganMs = endedMs;
      }
    }),
  );
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(startCpu);
  const wallUs = (wallMs * 1000) / samples.length;
  return {
    wallUs,
    cpuUs: (user + system) / samples.length,
    p50Us: inFlight === 1 ? median(samples) * 1000 : wallUs,
  };
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
