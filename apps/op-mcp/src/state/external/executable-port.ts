import { isAbsolute } from "node:path";
import { defineAgent, openAgentPool, openNativeBackend, type AgentSpec } from "op-agents";
import type { Clock, Logger } from "op-core";
import type { RemoteOperation, RemotePluginPort } from "op-state/remote";
import type { Environment } from "../../config/environment.ts";
import type { LazyProcesses } from "../../processes/lazy-processes.ts";
import { ExternalPluginError } from "./external-plugin-error.ts";

/** What a plugin that is a program is started with. */
export interface ExecutablePortOptions {
  readonly name: string;
  readonly command: readonly string[];
  /** What it must serve. */
  readonly operations: readonly RemoteOperation[];
  readonly processes: LazyProcesses;
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** As long as a run may take, and longer than anybody watches. */
const changeMs = 1_800_000;
const watchMs = 2_000_000_000;
const type = "plugin";

/** Starts a program that speaks the protocol of agents, with the first question to it. */
export async function openExecutablePort(
  options: ExecutablePortOptions,
): Promise<RemotePluginPort & AsyncDisposable> {
  const { processes, clock, logger, signal, command } = options;
  const specs = [specOf(options)];
  await using stack = new AsyncDisposableStack();
  const host = await processes.host({ signal });
  const backend = stack.use(await openNativeBackend({ host, logger }));
  const pool = stack.use(
    await openAgentPool(
      { backend, specs, startsWith: "first-task", closeMs: 500, clock, logger },
      { signal },
    ),
  );
  const rest = stack.move();
  return {
    place: command.join(" "),
    call: (operation, input, { signal: wanted, onProgress }) =>
      pool.run(
        {
          type,
          operation,
          input,
          deadlineMs: operation === "watch" ? watchMs : changeMs,
          ...(onProgress === undefined ? {} : { onProgress }),
        },
        { signal: wanted },
      ),
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}

/** It changes the machine as op-mcp would, so it is no more kept apart than op-mcp itself. */
function specOf({ name, command, operations, env }: ExecutablePortOptions): AgentSpec {
  const [program = "", ...args] = command;
  if (!isAbsolute(program)) {
    throw new ExternalPluginError(name, `${JSON.stringify(program)} is no absolute path.`);
  }
  return defineAgent({
    type,
    program: { kind: "executable", argv: [program, ...args] },
    operations: operations.map((operation) => ({
      name: operation,
      description: "",
      inputSchema: {},
      isIdempotent: true,
      risk: operation === "apply" || operation === "rollback" ? "privileged" : "read",
    })),
    instances: { min: 1, max: 1 },
    limits: { concurrency: 16, taskMs: changeMs, maxRuntimeMs: watchMs },
    // Whoever waits for it should hear soon that it does not start.
    restart: { maxRetries: 2 },
    sandbox: { level: "none" },
    env: { PATH: env["PATH"] ?? "/usr/sbin:/usr/bin", HOME: env["HOME"] ?? "/", LANG: "C.UTF-8" },
  });
}
