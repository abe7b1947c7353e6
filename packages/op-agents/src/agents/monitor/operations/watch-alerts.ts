import type { AgentOperation } from "../../operation/agent-operation.ts";
import { integerField } from "../../operation/field.ts";
import { listSchema, objectSchema } from "../../operation/output-schema.ts";
import type { AlertEvent } from "../alerts/alert-watch.ts";
import type { MonitorSetting } from "../monitor-setting.ts";
import { alertSchema } from "./schemas.ts";

const durationMs = integerField("durationMs", "For how long, in milliseconds.", {
  least: 1000,
  most: 300_000,
  fallback: 60_000,
});

/** Waits for alerts. */
export const watchAlerts: AgentOperation<MonitorSetting> = {
  name: "watch_alerts",
  description:
    "Reports alerts as progress while they come and go, for a while: a threshold that was crossed, or is no longer.",
  risk: "read",
  isIdempotent: true,
  fields: [durationMs],
  outputSchema: objectSchema({ active: listSchema(alertSchema), events: listSchema(alertSchema) }),
  run: async (input, { sampler }, { signal, progress }) => {
    const events: AlertEvent[] = [];
    const leave = sampler.onAlert((event) => {
      events.push(event);
      void progress(event);
    });
    try {
      await passed(durationMs.read(input), signal);
    } finally {
      leave();
    }
    return { active: sampler.activeAlerts(), events };
  },
};

/** Resolves after a time; rejects when the signal aborts before. */
async function passed(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
