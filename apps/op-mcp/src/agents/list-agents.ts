import { agentsFromConfig } from "op-agents/agents";
import { createAgentSource } from "op-agents/tools";
import type { KnownList } from "../lazy/known-lists.ts";
import { agentsFingerprint } from "./agents-fingerprint.ts";
import type { AgentsSettings } from "./agents-settings.ts";

const anyBus = "unix:path=/run/dbus/system_bus_socket";
const machines = [undefined, anyBus].flatMap((systemBus) =>
  [false, true].map((hasNetworkManager) => ({ systemBus, hasNetworkManager })),
);

function notCalled(): Promise<never> {
  return Promise.reject(new TypeError("agents were used that are only listed"));
}

/** What agents of this configuration list, on machines of every kind. */
export async function listAgents(config: AgentsSettings): Promise<readonly KnownList[]> {
  const { signal } = new AbortController();
  const { maxAgents } = config;
  return await Promise.all(
    machines.map(async (machine) => {
      const specs = agentsFromConfig(config, machine);
      await using source = createAgentSource({
        specs,
        maxAgents,
        openPool: notCalled,
        call: notCalled,
      });
      const fingerprint = agentsFingerprint({ config, ...machine });
      return { fingerprint, tools: await Array.fromAsync(source.list({ signal })) };
    }),
  );
}
