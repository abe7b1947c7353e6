import type { JsonValue } from "op-core";
import { compressions, protocols, samplers } from "../telemetry/choices.ts";

/** A short name that users know from the earlier systems. */
export interface EnvironmentAlias {
  readonly path: string;
  /** Turns the old unit or meaning into the leaf's; `undefined` leaves the leaf alone. */
  readonly convert?: (value: JsonValue) => JsonValue | undefined;
  /** The type of the variable's text where it is not the leaf's. */
  readonly type?: "boolean" | "number" | "string";
}

/** One of a few words; any other, which may be meant for other programs, changes nothing. */
function oneOf(words: readonly string[]): (value: JsonValue) => JsonValue | undefined {
  return (value) => (typeof value === "string" && words.includes(value) ? value : undefined);
}

const sent = { otlp: true, none: false } as const;

function whetherSent(value: JsonValue): JsonValue | undefined {
  return value === "otlp" || value === "none" ? sent[value] : undefined;
}

/** The variables of OpenTelemetry, which are often set for every program of a machine. */
const ofOpenTelemetry: Readonly<Record<string, EnvironmentAlias>> = {
  OTEL_SDK_DISABLED: {
    path: "telemetry.isEnabled",
    convert: (value) => (value === true ? false : undefined),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: { path: "telemetry.endpoint" },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: { path: "telemetry.tracesEndpoint" },
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: { path: "telemetry.metricsEndpoint" },
  OTEL_TRACES_EXPORTER: {
    path: "telemetry.traces",
    type: "string",
    convert: whetherSent,
  },
  OTEL_METRICS_EXPORTER: {
    path: "telemetry.metrics",
    type: "string",
    convert: whetherSent,
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    path: "telemetry.protocol",
    type: "string",
    convert: oneOf(protocols),
  },
  OTEL_EXPORTER_OTLP_COMPRESSION: {
    path: "telemetry.compression",
    type: "string",
    convert: oneOf(compressions),
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    path: "telemetry.headers",
    type: "string",
    // Where they are is told, never what they are.
    convert: () => "env:OTEL_EXPORTER_OTLP_HEADERS",
  },
  OTEL_EXPORTER_OTLP_TIMEOUT: { path: "telemetry.exportMs" },
  OTEL_SERVICE_NAME: { path: "telemetry.serviceName" },
  OTEL_RESOURCE_ATTRIBUTES: { path: "telemetry.resource" },
  OTEL_TRACES_SAMPLER: {
    path: "telemetry.sampler",
    type: "string",
    convert: oneOf(samplers),
  },
  OTEL_TRACES_SAMPLER_ARG: { path: "telemetry.samplerRatio" },
  OTEL_METRIC_EXPORT_INTERVAL: { path: "telemetry.metricsMs" },
};

const aliases: Readonly<Record<string, EnvironmentAlias>> = {
  MCP_MAX_TOOLS: { path: "tools.maxTools" },
  MCP_IDLE_SECS: {
    path: "tools.idleMs",
    type: "number",
    convert: (value) => (typeof value === "number" ? value * 1000 : undefined),
  },
  MCP_PRELOAD: { path: "tools.preload" },
  VERBOSE_LOGGING: {
    path: "log.level",
    type: "boolean",
    convert: (value) => (value === true ? "debug" : undefined),
  },
  AUDIT_LOG_PATH: { path: "audit.path" },
  AUDIT_LOG_MAX: { path: "audit.maxMemoryEntries" },
  AUDIT_LOG_PERSIST: { path: "audit.isPersistent" },
  MCP_DBUS_DISCOVERY: { path: "dbus.isEnabled" },
  ...ofOpenTelemetry,
  MCP_PLUGIN_DISCOVERY: { path: "state.isEnabled" },
  MCP_AGENT_DISCOVERY: { path: "agents.isEnabled" },
  MAX_AGENTS: { path: "agents.maxAgents" },
  PREFER_DIRECT_DBUS: { path: "agents.preferDirect" },
  HEALTH_CHECK_INTERVAL: {
    path: "agents.healthIntervalMs",
    type: "number",
    convert: (value) => (typeof value === "number" ? value * 1000 : undefined),
  },
};

/** Every alias by its variable. */
export const environmentAliases: ReadonlyMap<string, EnvironmentAlias> = new Map(
  Object.entries(aliases),
);

/** The variables that also set the leaf at `path`. */
export function aliasesOf(path: string): readonly string[] {
  return [...environmentAliases].flatMap(([name, alias]) => (alias.path === path ? [name] : []));
}
