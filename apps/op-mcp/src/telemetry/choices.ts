/** How OpenTelemetry names its samplers. */
export const samplers = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** How OpenTelemetry names the ways of writing that are spoken here. */
export const protocols = ["http/protobuf", "http/json"] as const;

/** How what is sent may be compressed. */
export const compressions = ["none", "gzip"] as const;
