import type { Clock, Logger, Tracer } from "op-core";
import type { Environment } from "../config/environment.ts";
import type { Metric } from "../metrics/metric.ts";
import { endpointOf } from "./endpoint-of.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";

/** What sending takes. */
export interface OpenTelemetryOptions {
  readonly config: TelemetryConfig;
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is sent to a collector. Disposing it sends what is left, for as long as that may take. */
export interface Telemetry extends AsyncDisposable {
  /** Absent where traces are not sent: then nobody makes any. */
  readonly tracer?: Tracer;
  /** Sends these metrics from now on. Absent where metrics are not sent: then nobody measures for it. */
  report?(metrics: () => readonly Metric[]): void;
}

const silent: Telemetry = {
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Whether anything is sent. */
function isSending(config: TelemetryConfig): boolean {
  return endpointOf(config, "traces") !== undefined || endpointOf(config, "metrics") !== undefined;
}

/**
 * Begins to send what the configuration says. Where it names no collector, nothing of OpenTelemetry is loaded. Throws
 * `ERR_SECRET_UNAVAILABLE` where the headers cannot be had; a collector that cannot be reached is told in the log.
 */
export async function openTelemetry(options: OpenTelemetryOptions): Promise<Telemetry> {
  if (!isSending(options.config)) return silent;
  const { openOtel } = await import("./otel/open-otel.ts");
  return await openOtel(options);
}
