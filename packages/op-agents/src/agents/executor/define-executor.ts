import { fileURLToPath } from "node:url";
import { nodePermissionFlags } from "op-process";
import type { AgentSpec, OperationSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import type { ExecutorConfig } from "./executor-config.ts";
import type { ExecutorSettings } from "./execute-command.ts";

const own = import.meta.url.endsWith(".ts") ? "main.ts" : "main.js";
const file = fileURLToPath(new URL(own, import.meta.url));

/** Makes the agent that runs allowed commands. */
export function defineExecutor(config: ExecutorConfig): AgentSpec {
  const { instances, least, ...settings } = config;
  return defineAgent({
    type: "executor",
    description:
      "Runs commands from a list, each with arguments that can do no harm, and never through a shell.",
    program: {
      kind: "module",
      file,
      args: [JSON.stringify(settings satisfies ExecutorSettings)],
      // A second wall behind the sandbox: the executor itself writes nothing.
      nodeArgs: nodePermissionFlags({ read: ["*"], childProcess: true }),
    },
    operations: [executeCommand(config)],
    instances,
    limits: {
      // Waiting for a turn takes time too.
      taskMs: config.maxTimeoutMs + 30_000,
      concurrency: 4,
      process: { memoryBytes: 512 * 1024 * 1024, processes: 128, openFiles: 512 },
    },
    // The list of processes is the machine's; what they hold stays closed to the user of the sandbox.
    sandbox: { level: "full", least, readable: [...config.folders, "/proc"] },
    priority: 10,
  });
}

function executeCommand({ maxTimeoutMs, timeoutMs }: ExecutorConfig): OperationSpec {
  return {
    name: "execute_command",
    description: "Runs a command and returns what it printed.",
    isIdempotent: true,
    risk: "read",
    inputSchema: {
      type: "object",
      properties: {
        argv: {
          type: "array",
          items: { type: "string" },
          minItems: 1,
          description: "The command and its arguments, one by one. No shell reads them.",
        },
        cwd: { type: "string", description: "The folder to run it in." },
        timeoutMs: {
          type: "integer",
          minimum: 1,
          maximum: maxTimeoutMs,
          default: timeoutMs,
          description: "How long it may take.",
        },
      },
      required: ["argv"],
      additionalProperties: false,
    },
    outputSchema: {
      type: "object",
      properties: {
        stdout: { type: "string" },
        stderr: { type: "string" },
        exitCode: { type: ["integer", "null"] },
        signal: { type: ["string", "null"] },
        isTimedOut: { type: "boolean" },
        isTruncated: { type: "boolean" },
      },
      required: ["stdout", "stderr", "exitCode", "signal", "isTimedOut", "isTruncated"],
    },
  };
}
