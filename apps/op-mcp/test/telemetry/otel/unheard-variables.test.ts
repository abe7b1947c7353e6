import { expect, it } from "vitest";
import { findUnheardVariables } from "../../../src/telemetry/otel/unheard-variables.ts";
import { TelemetryConfig } from "../../../src/telemetry/telemetry-config.ts";

const config = TelemetryConfig.parse({ endpoint: "http://localhost:4317", metrics: false });

it("are those that are set to what op-mcp cannot do, with what is done instead", () => {
  const env = {
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_COMPRESSION: "zstd",
    OTEL_TRACES_SAMPLER: "jaeger_remote",
  };
  expect(findUnheardVariables(env, config)).toEqual([
    {
      variable: "OTEL_EXPORTER_OTLP_PROTOCOL",
      value: "grpc",
      instead:
        "http/protobuf is sent to http://localhost:4317/v1/traces; collectors take it on port 4318, and grpc on 4317",
      advice: "Set OTEL_EXPORTER_OTLP_PROTOCOL to one of http/protobuf, http/json for op-mcp.",
    },
    expect.objectContaining({ value: "zstd", instead: "the compression is none" }),
    expect.objectContaining({
      value: "jaeger_remote",
      instead: "the sampler is parentbased_always_on",
    }),
  ]);
});

it("are none where all is understood, or not said", () => {
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_TRACES_SAMPLER: "" };
  expect(findUnheardVariables(env, config)).toEqual([]);
});
