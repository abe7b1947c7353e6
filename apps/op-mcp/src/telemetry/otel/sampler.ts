import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from "@opentelemetry/sdk-trace";
import type { TelemetryConfig } from "../telemetry-config.ts";

/** The sampler of that name. */
export function createSampler({
  sampler,
  samplerRatio,
}: Pick<TelemetryConfig, "sampler" | "samplerRatio">): Sampler {
  const [, parentBased, name] = /^(parentbased_)?(.+)$/u.exec(sampler) ?? [];
  const root = rootSampler(name, samplerRatio);
  return parentBased === undefined ? root : new ParentBasedSampler({ root });
}

function rootSampler(name: string | undefined, ratio: number): Sampler {
  if (name === "always_off") return new AlwaysOffSampler();
  return name === "traceidratio" ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}
