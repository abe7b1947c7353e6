import { UpstreamsConfig } from "op-aggregator/config";
import { ToolsConfig } from "op-tools/config";
import * as z from "zod";
import { AgentsSettings } from "../agents/agents-settings.ts";
import { AuditSettings } from "../audit/audit-settings.ts";
import { AuthConfig } from "../auth/auth-config.ts";
import { ServeConfig } from "../hosting/serve-config.ts";
import { LogConfig } from "../logging/log-config.ts";
import { PluginsConfig } from "../plugins/plugins-config.ts";
import { CallsConfig } from "./calls-config.ts";
import { DisclosureSettings } from "./disclosure-settings.ts";
import { DBusSettings } from "../dbus/dbus-settings.ts";
import { GuardsConfig } from "../guards/guard-config.ts";
import { TelemetryConfig } from "../telemetry/telemetry-config.ts";
import { PolicyConfig } from "../policy/policy-config.ts";
import { StateSettings } from "../state/state-settings.ts";
import { PathsConfig } from "./paths-config.ts";

/**
 * The whole configuration: one section per component, each defined beside the component that reads it. Every section may
 * be left out, so that each layer is valid on its own.
 */
export const OpMcpConfig = z.strictObject({
  tools: ToolsConfig.prefault({}),
  disclosure: DisclosureSettings.prefault({}),
  calls: CallsConfig.prefault({}),
  policy: PolicyConfig.prefault({}),
  audit: AuditSettings.prefault({}),
  auth: AuthConfig.prefault({}),
  guards: GuardsConfig.prefault({}),
  dbus: DBusSettings.prefault({}),
  agents: AgentsSettings.prefault({}),
  state: StateSettings.prefault({}),
  upstreams: UpstreamsConfig.prefault({}),
  serve: ServeConfig.prefault({}),
  plugins: PluginsConfig.prefault({}),
  log: LogConfig.prefault({}),
  telemetry: TelemetryConfig.prefault({}),
  paths: PathsConfig.prefault({}),
});

/** The whole configuration, parsed and complete. */
export type OpMcpConfig = z.output<typeof OpMcpConfig>;
