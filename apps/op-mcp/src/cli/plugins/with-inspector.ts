import { silentLogger, systemClock } from "op-core";
import type { OpMcpConfig } from "../../config/op-mcp-config.ts";
import { findBuses } from "../../dbus/find-buses.ts";
import type { PluginInspector } from "../../state/external/plugin-inspector.ts";
import type { CommandContext } from "../command.ts";

/** What is looked at, by what, and as what it is configured. */
export interface Inspection {
  readonly inspector: PluginInspector;
  readonly state: OpMcpConfig["state"];
}

/** Opens what looks at plugins for as long as `use` runs. */
export async function withInspector<T>(
  context: CommandContext,
  use: (inspection: Inspection) => Promise<T>,
): Promise<T> {
  const { config } = await context.loadConfig();
  const { openPluginInspector } = await import("../../state/external/plugin-inspector.ts");
  const { system } = config.dbus;
  const found = system === "auto" ? findBuses(context.io.env).systemBusAddress : system;
  await using inspector = await openPluginInspector({
    systemBusAddress: found === "none" ? undefined : found,
    env: context.io.env,
    clock: systemClock,
    logger: silentLogger,
  });
  return await use({ inspector, state: config.state });
}
