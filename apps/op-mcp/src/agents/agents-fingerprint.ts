import { hash } from "node:crypto";
import type { AgentSpec } from "op-agents";
import { packageFacts } from "../package.ts";
import type { AgentsSettings } from "./agents-settings.ts";

/** What the list of agents' tools is made of. */
export interface AgentsListed {
  readonly config: AgentsSettings;
  readonly systemBus: string | undefined;
  readonly hasNetworkManager: boolean;
  /** Those that others run. */
  readonly found?: readonly AgentSpec[] | undefined;
}

/**
 * The list changes with the program, the configuration and those agents alone that are found on a bus, so an unchanged one
 * is not even asked for.
 */
export function agentsFingerprint(listed: AgentsListed): string {
  const { config, systemBus, hasNetworkManager, found } = listed;
  const hasBus = systemBus !== undefined;
  const basis = [packageFacts().version, config, hasBus, hasNetworkManager, found];
  return hash("sha256", JSON.stringify(basis));
}
