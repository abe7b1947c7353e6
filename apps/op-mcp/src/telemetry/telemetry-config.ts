import * as z from "zod";
import { compressions, protocols, samplers } from "./choices.ts";
import { secretReferencePattern, secretReferenceSyntax } from "../secrets/secret-reference.ts";

const url = (description: string) =>
  z
    .string()
    .regex(/^(?:|https?:\/\/[^\s]+)$/u)
    .default("")
    .meta({ description });

const milliseconds = (otherwise: number, description: string) =>
  z
    .int()
    .positive()
    .max(2 ** 31 - 1)
    .default(otherwise)
    .meta({ description: `${description}, in milliseconds.` });

/** What is sent to a collector of OpenTelemetry. */
export const TelemetryConfig = z
  .strictObject({
    endpoint: url(
      "The collector, such as `http://localhost:4318`: traces go to `/v1/traces` under it, metrics to `/v1/metrics`. Without one nothing is sent, and nothing of OpenTelemetry is loaded.",
    ),
    tracesEndpoint: url("The whole URL for traces, where it is another one."),
    metricsEndpoint: url("The whole URL for metrics, where it is another one."),
    isEnabled: z.boolean().default(true).meta({
      description: "Whether anything is sent to the collector that is named.",
    }),
    traces: z.boolean().default(true).meta({ description: "Whether traces are sent." }),
    metrics: z.boolean().default(true).meta({ description: "Whether metrics are sent." }),
    protocol: z.enum(protocols).default("http/protobuf").meta({
      description: "How what is sent is written.",
    }),
    compression: z.enum(compressions).default("none").meta({
      description: "How what is sent is compressed.",
    }),
    headers: z
      .string()
      .regex(secretReferencePattern)
      .default("")
      .meta({
        description: `Headers the collector wants, as \`name=value,name=value\`, where they are secret: ${secretReferenceSyntax}.`,
      }),
    serviceName: z.string().min(1).default("op-mcp").meta({
      description: "By what name this server is known to the collector.",
    }),
    resource: z.string().default("").meta({
      description: "What else is said of this server, as `name=value,name=value`.",
    }),
    sampler: z.enum(samplers).default("parentbased_always_on").meta({
      description:
        "Which calls are traced, by OpenTelemetry's names: those of whoever is traced already, all, none, or a share.",
    }),
    samplerRatio: z.number().min(0).max(1).default(1).meta({
      description: "The share of calls that is traced, for the samplers with a ratio.",
    }),
    metricsMs: milliseconds(60_000, "How often metrics are sent"),
    exportMs: milliseconds(10_000, "How long one sending may take"),
    flushMs: milliseconds(2000, "How long the last sending may take when op-mcp leaves"),
  })
  .meta({ description: "Traces and metrics by OpenTelemetry, over OTLP." });

/** What is sent to a collector of OpenTelemetry, parsed and complete. */
export type TelemetryConfig = z.output<typeof TelemetryConfig>;
