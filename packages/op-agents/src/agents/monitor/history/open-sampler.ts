import { createAlertWatch, type AlertEvent } from "../alerts/alert-watch.ts";
import { measureMachine } from "../alerts/measure-machine.ts";
import type { MonitorArguments } from "../monitor-setting.ts";
import { createRing } from "./ring.ts";
import { diskRates, readCounters, takeSample, type DiskRate, type Sample } from "./sample.ts";

/** What the machine was like, and is. */
export interface Sampler extends Disposable {
  readonly sinceMs: number;
  /** The oldest first. */
  samples(): readonly Sample[];
  /** Between the last two looks; at the beginning nothing. */
  diskRates(): readonly DiskRate[];
  /** Looks now, unless that was done a moment ago. */
  look(): Promise<Sample>;
  activeAlerts(): readonly AlertEvent[];
  /** The last alerts, the oldest first. */
  recentAlerts(): readonly AlertEvent[];
  /** Hears of alerts from now on, until the function that is returned is called. */
  onAlert(hear: (event: AlertEvent) => void): () => void;
}

const keptAlerts = 100;
/** Two looks closer to each other tell nothing: the kernel counts hundredths of seconds. */
const closestMs = 500;

/** Starts looking at the machine, from time to time. */
export function openSampler({
  intervalMs,
  historyLength,
  times,
  thresholds,
}: MonitorArguments): Sampler {
  const ring = createRing<Sample>(historyLength);
  const alerts = createRing<AlertEvent>(keptAlerts);
  const watch = createAlertWatch(times);
  const listeners = new Set<(event: AlertEvent) => void>();
  const sinceMs = Date.now();
  let before = readCounters(sinceMs);
  let rates: readonly DiskRate[] = [];
  let last: Sample | undefined;

  const take = () => {
    const now = readCounters(Date.now());
    const sample = takeSample(before, now);
    rates = diskRates(before, now);
    before = now;
    last = sample;
    return sample;
  };
  const tick = async () => {
    const sample = take();
    ring.add(sample);
    for (const event of watch.take(await measureMachine(sample, thresholds), new Date())) {
      alerts.add(event);
      for (const hear of listeners) hear(event);
    }
  };
  // An agent stands on Node alone: the clock of op-core is not loaded into it. A look that fails is done again.
  const timer = setInterval(() => void tick().catch(() => undefined), intervalMs);
  timer.unref();
  return {
    sinceMs,
    samples: () => ring.items(),
    diskRates: () => rates,
    look: async () => {
      const wait = before.atMs + closestMs - Date.now();
      if (last === undefined && wait > 0) {
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
      // Somebody else may have looked meanwhile.
      return last !== undefined && Date.now() - before.atMs < closestMs ? last : take();
    },
    activeAlerts: () => watch.active(),
    recentAlerts: () => alerts.items(),
    onAlert: (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
