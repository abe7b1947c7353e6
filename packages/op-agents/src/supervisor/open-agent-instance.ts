import { isAbortOf, startDeadline } from "op-core";
import { AgentDiedError, AgentSpecError, AgentStartError } from "../agent-error.ts";
import type { Execution } from "../backend/execution-backend.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentInstance, AgentInstanceOptions } from "./agent-instance.ts";
import { toLaunch } from "./agent-launch.ts";
import { createAgentLife } from "./agent-life.ts";
import { greetAgent } from "./greet-agent.ts";
import { RunningAgent } from "./running-agent.ts";

/**
 * Starts an agent and resolves when it is ready.
 *
 * @throws {AgentStartError} it ended or said nothing in time; nothing of it is left.
 */
export async function openAgentInstance(
  options: AgentInstanceOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<AgentInstance> {
  const { spec, id, clock } = options;
  const life = createAgentLife(options);
  const what = `Starting the agent ${id}`;
  using deadline = startDeadline({ what, ms: spec.limits.startMs, clock, signal });
  let execution: Execution | undefined;
  try {
    execution = await start(options, deadline.signal);
    life.happen({ kind: "spawned" });
    const channel = await greetAgent({ execution, options, life }, { signal: deadline.signal });
    checkOperations(spec, channel.operations);
    life.happen({ kind: "ready" });
    return new RunningAgent({ options, life, execution, channel });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const as = signal.aborted ? "killed" : "failed";
    life.happen({ kind: "end-decided", ending: { as, reason } });
    await execution?.kill({ graceMs: 0 });
    life.happen({ kind: "exited", isClean: false, detail: reason });
    if (isAbortOf(error, signal)) throw error;
    throw error instanceof AgentDiedError ? new AgentStartError(spec.type, reason, error) : error;
  }
}

async function start(
  { spec, backend, bus }: AgentInstanceOptions,
  signal: AbortSignal,
): Promise<Execution> {
  const { program } = spec;
  if (program.kind !== "bus") return await backend.start(toLaunch(spec, program), { signal });
  if (bus !== undefined) return await bus.attach(program.name, { signal });
  throw new AgentSpecError(spec.type, "it is on a bus, and the pool was given none");
}

function checkOperations(spec: AgentSpec, served: readonly string[]): void {
  const missing = spec.operations.find(({ name }) => !served.includes(name));
  if (missing === undefined) return;
  throw new AgentStartError(spec.type, `it does not serve ${missing.name}, which it should`);
}
