import type { TelemetryConfig } from "./telemetry-config.ts";

/** What is sent. */
export type Signal = "traces" | "metrics";

/** Where a signal is sent; nothing where it is not. */
export function endpointOf(config: TelemetryConfig, signal: Signal): string | undefined {
  const { endpoint } = config;
  const own = signal === "traces" ? config.tracesEndpoint : config.metricsEndpoint;
  if (!config.isEnabled || !config[signal]) return undefined;
  if (own !== "") return own;
  return endpoint === "" ? undefined : `${endpoint.replace(/\/+$/u, "")}/v1/${signal}`;
}
