import type { DirectAgent } from "../serving/direct-agent.ts";
import type { AgentsConfig } from "../spec/agents-config.ts";
import type { AgentSurroundings } from "./agents-from-config.ts";

/**
 * Makes what does the operations of a type in this process, or nothing where the type needs an agent: only what services on
 * the bus do is done so, by whom they decide about anyway.
 */
export async function openDirectAgent(
  type: string,
  { systemd: { protect, journal } }: AgentsConfig,
  { systemBus: address }: AgentSurroundings,
): Promise<DirectAgent | undefined> {
  if (address === undefined || type !== "systemd") return undefined;
  const { serveSystemd } = await import("./systemd/serve-systemd.ts");
  return serveSystemd({ address, protect, journal });
}
