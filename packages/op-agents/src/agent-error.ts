import { OpError, type JsonObject } from "op-core";

/** A specification of an agent that can't work. */
export class AgentSpecError extends OpError {
  static readonly code = "ERR_AGENT_SPEC";
  static readonly meaning = "The specification of an agent contradicts itself.";
  readonly code = AgentSpecError.code;

  constructor(type: string, detail: string) {
    super(`The agent ${JSON.stringify(type)} can't be specified like this: ${detail}.`, {
      advice: "Correct the specification of the agent.",
      data: { type },
    });
  }
}

/** An agent could not be brought to the point where it takes tasks. */
export class AgentStartError extends OpError {
  static readonly code = "ERR_AGENT_START";
  static readonly meaning = "An agent could not be started, or did not say that it is ready.";
  readonly code = AgentStartError.code;

  constructor(type: string, detail: string, cause?: unknown) {
    super(`Starting an agent of type ${JSON.stringify(type)} failed: ${detail}.`, {
      advice: "Look at the agent's log, and run its program by hand.",
      data: { type },
      retryable: true,
      cause,
    });
  }
}

/** An agent said something that its protocol does not allow; it was killed. */
export class AgentProtocolError extends OpError {
  static readonly code = "ERR_AGENT_PROTOCOL";
  static readonly meaning = "An agent broke the protocol and was killed.";
  readonly code = AgentProtocolError.code;

  constructor(agent: string, detail: string) {
    super(`The agent ${agent} broke the protocol: ${detail}.`, {
      advice: "Compare the agent with docs/agent-protocol.md of op-agents.",
      data: { agent },
    });
  }
}

/** An agent ended while it worked on a task. */
export class AgentDiedError extends OpError {
  static readonly code = "ERR_AGENT_DIED";
  static readonly meaning =
    "An agent ended before it answered; whether its task was done is unknown.";
  readonly code = AgentDiedError.code;

  constructor(agent: string, detail: string) {
    super(`The agent ${agent} ended before it answered: ${detail}.`, {
      advice:
        "Look at what the task was to change before trying it again: it may have been done, or half of it.",
      data: { agent },
    });
  }
}

/** What an agent said of a task that it could not do. */
export interface TaskFailure {
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
  readonly retryable?: boolean;
  readonly data?: JsonObject;
}

/** An agent did not do what it was asked to, and says why. */
export class AgentTaskError extends OpError {
  static readonly code = "ERR_AGENT_TASK";
  static readonly meaning = "An agent refused a task or failed at it; the reason is its own.";
  readonly code = AgentTaskError.code;
  readonly failure: TaskFailure;

  constructor(failure: TaskFailure) {
    const { message, advice, retryable = false, data = {}, code } = failure;
    super(message, {
      data: { ...data, reason: code },
      retryable,
      ...(advice === undefined ? {} : { advice }),
    });
    this.failure = failure;
  }
}

/** No agent of a type can take tasks now. */
export class AgentUnavailableError extends OpError {
  static readonly code = "ERR_AGENT_UNAVAILABLE";
  static readonly meaning = "No agent of the type runs, and none will be started.";
  readonly code = AgentUnavailableError.code;

  constructor(type: string, detail: string, cause?: unknown) {
    super(`No agent of type ${JSON.stringify(type)} can take the task: ${detail}.`, {
      advice:
        "Look at the state of the agents and at their log; start them again when it is mended.",
      data: { type },
      retryable: true,
      cause,
    });
  }
}

/** A task that names an agent or an operation that does not exist. */
export class UnknownOperationError extends OpError {
  static readonly code = "ERR_AGENT_OPERATION_UNKNOWN";
  static readonly meaning = "There is no such agent type, or it has no such operation.";
  readonly code = UnknownOperationError.code;

  constructor(type: string, operation: string, known: readonly string[]) {
    super(`The operation ${JSON.stringify(operation)} of ${JSON.stringify(type)} does not exist.`, {
      advice: known.length === 0 ? "There are no agents." : `There are: ${known.join(", ")}.`,
      data: { type, operation },
    });
  }
}

/** A task that does not exist, is somebody else's, or ended long ago. */
export class TaskNotFoundError extends OpError {
  static readonly code = "ERR_TASK_NOT_FOUND";
  static readonly meaning =
    "There is no such task of yours, or it ended so long ago that it is forgotten.";
  readonly code = TaskNotFoundError.code;

  constructor(taskId: string) {
    super(`There is no task ${JSON.stringify(taskId)} of yours.`, {
      advice: "List your tasks with task_status.",
      data: { taskId },
    });
  }
}

/** An idempotency key that was used for another task before. */
export class TaskConflictError extends OpError {
  static readonly code = "ERR_TASK_CONFLICT";
  static readonly meaning = "An idempotency key was used before, for a different task.";
  readonly code = TaskConflictError.code;

  constructor(key: string, taskId: string) {
    super(`The idempotency key ${JSON.stringify(key)} belongs to another task, ${taskId}.`, {
      advice: "Use a new key for each different task.",
      data: { taskId },
    });
  }
}

/** A task that somebody cancelled. */
export class TaskCancelledError extends OpError {
  static readonly code = "ERR_TASK_CANCELLED";
  static readonly meaning = "A task was cancelled before it was done.";
  readonly code = TaskCancelledError.code;

  constructor(taskId: string, reason: string) {
    super(`The task ${taskId} was cancelled: ${reason}.`, {
      advice: "Submit it again if it is still wanted.",
      data: { taskId },
    });
  }
}

/** A pool was asked for something after it was closed. */
export class PoolClosedError extends OpError {
  static readonly code = "ERR_AGENT_POOL_CLOSED";
  static readonly meaning = "Agents were asked for something after they were closed.";
  readonly code = PoolClosedError.code;

  constructor(what: string) {
    super(`${what} failed: the agents are closed.`, {
      advice: "Ask for it before they are disposed.",
    });
  }
}

/** A file that can't go into or come out of a workspace. */
export class WorkspaceFileError extends OpError {
  static readonly code = "ERR_WORKSPACE_FILE";
  static readonly meaning = "A file could not be put into a workspace or taken out of it.";
  readonly code = WorkspaceFileError.code;

  constructor(name: string, detail: string, cause?: unknown) {
    super(`The file ${JSON.stringify(name)} of the workspace: ${detail}.`, {
      advice: "Name a regular file that lies in the workspace itself.",
      data: { name },
      cause,
    });
  }
}
