import type { AgentPool } from "op-agents";
import type { Clock, LogFields, Logger, LogLevel } from "op-core";
import { RotatingFile } from "../logging/rotating-file.ts";
import { keepRecord } from "../records/keep-record.ts";
import type { ProcessRecord } from "../records/process-records.ts";
import { logFileOf, type AgentsRecord } from "./agents-record.ts";

/** What keeping records of agents takes. */
export interface AgentRecorderOptions {
  /** Where all servers of this user keep theirs. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What other processes may know of this one's agents. Disposing takes the record away; the log stays. */
export interface AgentRecorder extends Disposable {
  /** Logs what agents say, and what happens to them, also into the file that `op-mcp agents logs` shows. */
  readonly logger: Logger;
  /** From now on the record says how these agents are. */
  follow(pool: Pick<AgentPool, "agents" | "types">): void;
}

const logSettings = { maxBytes: 1_048_576, maxAgeMs: 30 * 86_400_000, maxFiles: 2 };

/** Opens the records of this process; nothing is written before there are agents. */
export function openAgentRecorder({
  directory,
  clock,
  logger,
}: AgentRecorderOptions): AgentRecorder {
  const writeFallback = (line: string) => logger.warn("a line of agents was not kept", { line });
  const log = new RotatingFile({
    file: logFileOf(directory),
    clock,
    writeFallback,
    ...logSettings,
  });
  const startedAtMs = clock.now();
  let record: Disposable | undefined;
  return {
    logger: new TeeLogger(logger, {}, (line) =>
      log.write(`${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...line })}\n`),
    ),
    follow: (pool) => {
      const keeping = { directory, startedAtMs, clock, logger };
      record = keepRecord({ ...keeping, describe: () => describe(pool) });
    },
    [Symbol.dispose]: () => {
      record?.[Symbol.dispose]();
      log[Symbol.dispose]();
    },
  };
}

async function describe({
  agents,
  types,
}: Pick<AgentPool, "agents" | "types">): Promise<Omit<AgentsRecord, keyof ProcessRecord>> {
  const described = agents.map(async (agent) => {
    const { memoryBytes, cpuMs } = await agent.usage();
    const { id, type, state, isolation, tasksDone, inFlight } = agent;
    const startedAt = new Date(agent.startedAtMs).toISOString();
    return {
      agent: id,
      type,
      state: state.kind,
      isolation,
      startedAt,
      tasksDone,
      tasksRunning: inFlight,
      memoryBytes,
      cpuMs,
    };
  });
  return { types, agents: await Promise.all(described) };
}

/** Passes each line on, and tells it to somebody else too. */
class TeeLogger implements Logger {
  readonly #to: Logger;
  readonly #fields: LogFields;
  readonly #tell: (line: LogFields) => void;

  constructor(to: Logger, fields: LogFields, tell: (line: LogFields) => void) {
    this.#to = to;
    this.#fields = fields;
    this.#tell = tell;
  }

  debug(message: string, fields?: LogFields): void {
    this.#log("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log("error", message, fields);
  }

  child(fields: LogFields): Logger {
    return new TeeLogger(this.#to.child(fields), { ...this.#fields, ...fields }, this.#tell);
  }

  #log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.#to[level](message, fields);
    this.#tell({ pid: process.pid, level, ...this.#fields, message, ...fields });
  }
}
