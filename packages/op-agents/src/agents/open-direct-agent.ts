import type { DirectAgent } from "../serving/direct-agent.ts";
import type { AgentsConfig } from "../spec/agents-config.ts";
import type { AgentSurroundings } from "./agents-from-config.ts";

/**
 * Makes what does the operations of a type in this process, or nothing where the type needs an agent: only what services on
 * the bus do is done so, and they decide about it anyway.
 */
export async function openDirectAgent(
  type: string,
  { systemd: { protect, journal } }: AgentsConfig,
  { systemBus: address }: AgentSurroundings,
): Promise<DirectAgent | undefined> {
  if (address === undefined) return undefined;
  if (type === "systemd") {
    const { serveSystemd } = await import("./systemd/serve-systemd.ts");
    return serveSystemd({ address, protect, journal });
  }
  if (type === "networkmanager") {
    const { serveNetworkManager } = await import("./networkmanager/serve-networkmanager.ts");
    return serveNetworkManager({ address });
  }
  return undefined;
}
