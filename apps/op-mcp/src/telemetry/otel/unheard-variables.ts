import type { Environment } from "../../config/environment.ts";
import { compressions, protocols, samplers } from "../choices.ts";
import { endpointOf } from "../endpoint-of.ts";
import type { TelemetryConfig } from "../telemetry-config.ts";

/** A variable of OpenTelemetry that says something op-mcp does not do. */
export interface UnheardVariable {
  readonly variable: string;
  readonly value: string;
  /** What is done, since what it says is not. */
  readonly instead: string;
  readonly advice: string;
}

interface Heard {
  readonly variable: string;
  readonly values: readonly string[];
  readonly instead: (config: TelemetryConfig) => string;
}

const heard: readonly Heard[] = [
  {
    variable: "OTEL_EXPORTER_OTLP_PROTOCOL",
    values: protocols,
    instead: (config) => {
      const urls = [endpointOf(config, "traces"), endpointOf(config, "metrics")];
      const known = urls.filter((url) => url !== undefined);
      return `${config.protocol} is sent to ${known.join(" and ")}; collectors take it on port 4318, and grpc on 4317`;
    },
  },
  {
    variable: "OTEL_EXPORTER_OTLP_COMPRESSION",
    values: compressions,
    instead: ({ compression }) => `the compression is ${compression}`,
  },
  {
    variable: "OTEL_TRACES_SAMPLER",
    values: samplers,
    instead: ({ sampler }) => `the sampler is ${sampler}`,
  },
];

/**
 * The variables that are set to what op-mcp cannot do. They are often set for every program of a machine, so that they
 * are no mistake in op-mcp's configuration; but nobody should have to find out why nothing arrives.
 */
export function findUnheardVariables(
  env: Environment,
  config: TelemetryConfig,
): readonly UnheardVariable[] {
  return heard.flatMap(({ variable, values, instead }) => {
    const value = env[variable] ?? "";
    if (value === "" || values.includes(value)) return [];
    const advice = `Set ${variable} to one of ${values.join(", ")} for op-mcp.`;
    return [{ variable, value: value.slice(0, mostShown), instead: instead(config), advice }];
  });
}

const mostShown = 64;
