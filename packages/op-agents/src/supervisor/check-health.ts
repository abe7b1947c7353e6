import { startDeadline, type Clock } from "op-core";
import type { AgentInstance } from "./agent-instance.ts";

/** What a round of checks found. */
export interface HealthReport {
  readonly healthy: number;
  /** Agents that did not answer; they were ended. */
  readonly unhealthy: readonly string[];
}

/** What a round of checks takes. */
export interface HealthCheckOptions {
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Asks all idle agents at once for a sign of life and ends those that give none in time. An agent that works is under the
 * deadline of its task instead: it may be busy rightly.
 */
export async function checkHealth(
  agents: readonly AgentInstance[],
  options: HealthCheckOptions,
): Promise<HealthReport> {
  const idle = agents.filter(({ state, inFlight }) => state.kind === "running" && inFlight === 0);
  const answers = await Promise.all(
    idle.map(async (agent) => ({ agent, isHealthy: await isHealthy(agent, options) })),
  );
  options.signal.throwIfAborted();
  const silent = answers.flatMap(({ agent, isHealthy: answered }) => (answered ? [] : [agent]));
  const reason = `it gave no sign of life within ${options.deadlineMs} ms`;
  await Promise.all(silent.map(async (agent) => await agent.end({ as: "failed", reason })));
  return { healthy: idle.length - silent.length, unhealthy: silent.map(({ id }) => id) };
}

async function isHealthy(agent: AgentInstance, options: HealthCheckOptions): Promise<boolean> {
  const { deadlineMs: ms, clock, signal } = options;
  using deadline = startDeadline({ what: `The sign of life of ${agent.id}`, ms, clock, signal });
  try {
    await agent.ping({ signal: deadline.signal });
    return true;
  } catch {
    return false;
  }
}
