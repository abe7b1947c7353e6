import { hostname } from "node:os";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { parseKeyPairsIntoRecord, setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPMetricExporter as JsonMetrics } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufMetrics } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { abortable, startDeadline } from "op-core";
import { packageFacts } from "../../package.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { endpointOf, type Signal } from "../endpoint-of.ts";
import type { OpenTelemetryOptions, Telemetry } from "../open-telemetry.ts";
import type { TelemetryConfig } from "../telemetry-config.ts";
import { createMetricProducer } from "./metric-data.ts";
import { createOtelTracer } from "./otel-tracer.ts";
import { createSampler } from "./sampler.ts";
import { createTrouble, toDiagLogger } from "./trouble.ts";
import { findUnheardVariables } from "./unheard-variables.ts";

/** Begins to send by the libraries of OpenTelemetry. */
export async function openOtel(options: OpenTelemetryOptions): Promise<Telemetry> {
  const { config, env, clock, logger } = options;
  for (const unheard of findUnheardVariables(env, config)) {
    logger.warn("a variable of OpenTelemetry says what op-mcp cannot do", { ...unheard });
  }
  const { version } = packageFacts();
  const headers = await readHeaders(options);
  const resource = createResource(config, version);
  const trouble = createTrouble({ clock, logger });
  setGlobalErrorHandler(trouble);
  diag.setLogger(toDiagLogger(trouble), {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  const provider = openTraces(config, resource, headers);
  const reader = openMetrics(config, headers);
  return {
    ...(provider === undefined
      ? {}
      : { tracer: createOtelTracer(provider.getTracer("op-mcp", version)) }),
    ...(reader === undefined
      ? {}
      : {
          report: (metrics) =>
            reader.setMetricProducer(createMetricProducer({ metrics, resource, version, clock })),
        }),
    [Symbol.asyncDispose]: async () => {
      using deadline = startDeadline({ what: "Sending the rest", ms: config.flushMs, clock });
      const ends = Promise.allSettled([provider?.shutdown(), reader?.shutdown()]);
      try {
        await abortable(ends, deadline.signal);
      } catch (error) {
        logger.warn("not all traces and metrics could be sent", { error });
      }
    },
  };
}

async function readHeaders({
  config,
  env,
  clock,
}: OpenTelemetryOptions): Promise<Record<string, string>> {
  if (config.headers === "") return {};
  const { signal } = new AbortController();
  using secret = await resolveSecret(config.headers, { env, clock, signal });
  return parseKeyPairsIntoRecord(secret.reveal());
}

function createResource({ serviceName, resource }: TelemetryConfig, version: string): Resource {
  return resourceFromAttributes({
    ...parseKeyPairsIntoRecord(resource),
    "service.name": serviceName,
    "service.version": version,
    "host.name": hostname(),
    "process.pid": process.pid,
  });
}

type Headers = Readonly<Record<string, string>>;

function exportOptions(config: TelemetryConfig, signal: Signal, headers: Headers) {
  const url = endpointOf(config, signal);
  const compression =
    config.compression === "gzip" ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE;
  return url === undefined
    ? undefined
    : { url, headers: { ...headers }, timeoutMillis: config.exportMs, compression };
}

function openTraces(
  config: TelemetryConfig,
  resource: Resource,
  headers: Headers,
): TracerProvider | undefined {
  const options = exportOptions(config, "traces", headers);
  if (options === undefined) return undefined;
  const exporter =
    config.protocol === "http/json" ? new JsonTraces(options) : new ProtobufTraces(options);
  const processor = new BatchSpanProcessor({ exporter, exportTimeoutMillis: config.exportMs });
  return new TracerProvider({
    resource,
    sampler: createSampler(config),
    spanProcessors: [processor],
  });
}

function openMetrics(
  config: TelemetryConfig,
  headers: Headers,
): PeriodicExportingMetricReader | undefined {
  const options = exportOptions(config, "metrics", headers);
  if (options === undefined) return undefined;
  const exporter =
    config.protocol === "http/json" ? new JsonMetrics(options) : new ProtobufMetrics(options);
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: config.metricsMs,
    exportTimeoutMillis: Math.min(config.exportMs, config.metricsMs),
  });
}
