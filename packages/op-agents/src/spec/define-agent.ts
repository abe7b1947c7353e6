import { isAbsolute } from "node:path";
import { AgentSpecError } from "../agent-error.ts";
import type {
  AgentLimits,
  AgentSpec,
  AgentSpecOptions,
  RestartPolicy,
  StartBreaker,
} from "./agent-spec.ts";

/** What agents may use unless their specification says something else. */
export const defaultAgentLimits: AgentLimits = {
  startMs: 10_000,
  maxRuntimeMs: 3_600_000,
  maxTasks: 10_000,
  concurrency: 1,
  taskMs: 60_000,
  cancelGraceMs: 1000,
  drainMs: 2000,
  messageBytes: 8 * 1024 * 1024,
  progressBytes: 64 * 1024 * 1024,
  process: { memoryBytes: 512 * 1024 * 1024, processes: 64, openFiles: 1024 },
};

/** Replaces agents that failed, after waits of 100 ms to half a minute, and gives up after five in a row. */
export const defaultRestartPolicy: RestartPolicy = {
  when: "on-failure",
  maxRetries: 5,
  backoff: { initialMs: 100, maxMs: 30_000, factor: 2, jitter: 0.5 },
};

/** Refuses starts for 15 seconds when half of at least ten in a minute failed. */
export const defaultStartBreaker: StartBreaker = {
  windowMs: 60_000,
  minimumStarts: 10,
  failureRatio: 0.5,
  openMs: 15_000,
};

/**
 * Completes the specification of an agent type with the defaults.
 *
 * @throws {AgentSpecError} it contradicts itself.
 */
export function defineAgent(options: AgentSpecOptions): AgentSpec {
  const spec: AgentSpec = {
    description: "",
    instances: { min: 1, max: 4 },
    idleMs: 60_000,
    sandbox: {},
    cwd: "/",
    env: {},
    priority: 100,
    ...options,
    limits: { ...defaultAgentLimits, ...options.limits },
    restart: { ...defaultRestartPolicy, ...options.restart },
    breaker: { ...defaultStartBreaker, ...options.breaker },
  };
  const fault = findFault(spec);
  if (fault !== undefined) throw new AgentSpecError(spec.type, fault);
  return spec;
}

function findFault({ type, program, operations, instances, cwd, limits }: AgentSpec) {
  if (!isName(type)) return "its type is no name of letters, digits, - and _";
  if (program.kind === "module" && !isAbsolute(program.file))
    return "its module is no absolute path";
  if (!isAbsolute(cwd)) return "its working directory is no absolute path";
  const names = operations.map(({ name }) => name);
  if (names.length === 0) return "it has no operations";
  const odd = names.find((name) => !isName(name));
  if (odd !== undefined) return `${JSON.stringify(odd)} is no name for an operation`;
  if (new Set(names).size < names.length) return "two operations have the same name";
  if (instances.min < 0 || instances.max < Math.max(1, instances.min)) {
    return "the most instances are fewer than the fewest, or none";
  }
  if (limits.concurrency < 1 || limits.maxTasks < 1) return "its agents may do no task at all";
  return undefined;
}

function isName(text: string): boolean {
  return /^[A-Za-z][\w-]{0,47}$/u.test(text);
}
