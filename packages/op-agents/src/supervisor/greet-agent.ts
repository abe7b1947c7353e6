import type { Clock, Logger } from "op-core";
import { AgentDiedError } from "../agent-error.ts";
import type { Execution } from "../backend/execution-backend.ts";
import { createLogGate } from "../ipc/log-gate.ts";
import type { AgentMessage } from "../ipc/message.ts";
import { openAgentChannel, type AgentChannel } from "../ipc/open-agent-channel.ts";
import { readStderr } from "../ipc/read-stderr.ts";
import type { AgentInstanceOptions } from "./agent-instance.ts";
import type { AgentLife } from "./agent-life.ts";
import { describeExit } from "./describe-exit.ts";

/** A program that has been started, and who it is to be. */
export interface Newcomer {
  readonly execution: Execution;
  readonly options: AgentInstanceOptions;
  readonly life: AgentLife;
}

/** Opens the conversation with an agent; from now on, who breaks its rules is ended. */
export async function greetAgent(
  { execution, options, life }: Newcomer,
  { signal }: { readonly signal: AbortSignal },
): Promise<AgentChannel> {
  const { id, spec, clock } = options;
  const { messageBytes, progressBytes, cancelGraceMs, drainMs } = spec.limits;
  const { stdin, stdout, stderr, exited } = execution;
  const endBecause = (reason: string) => {
    life.happen({ kind: "end-decided", ending: { as: "failed", reason } });
    void execution.kill({ graceMs: 0 });
  };
  const logger = options.logger.child({ agent: id });
  const onLog = createLog({ logger, clock, onFlood: () => endBecause("it flooded its log") });
  readStderr(stderr, clock, (message) => onLog({ type: "log", level: "info", message }));
  const opening = openAgentChannel(
    {
      agent: id,
      stdin,
      stdout,
      messageBytes,
      progressBytes,
      cancelGraceMs,
      clock,
      onLog,
      // Who closes its output can't answer; it may still need a moment to leave.
      onOutputEnd: () => {
        const timer = clock.startTimer(drainMs, () =>
          endBecause("it closed its output and stayed"),
        );
        void stopAfter(exited, timer);
      },
      onFault: (error) => endBecause(error.message),
    },
    { signal },
  );
  const gone = async () => {
    const detail = describeExit(await exited);
    throw new AgentDiedError(id, life.ending?.reason ?? detail);
  };
  return await Promise.race([opening, gone()]);
}

/** Stops a timer when something has happened. */
export async function stopAfter(happened: Promise<unknown>, timer: Disposable): Promise<void> {
  await happened;
  timer[Symbol.dispose]();
}

type LogLine = Extract<AgentMessage, { readonly type: "log" }>;

interface LogParts {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onFlood: () => void;
}

function createLog({ logger, clock, onFlood }: LogParts): (line: LogLine) => void {
  const judge = createLogGate(clock, (lines) => logger.warn("Lines were dropped.", { lines }));
  return ({ level, message, fields }) => {
    const verdict = judge();
    if (verdict === "log") logger[level](message.slice(0, 4096), fields);
    if (verdict === "flood") onFlood();
  };
}
