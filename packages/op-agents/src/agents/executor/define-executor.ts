import { nodePermissionFlags } from "op-process";
import type { AgentSpec, OperationSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import { toOperationSpec } from "../operation/agent-operation.ts";
import { findWriter } from "../places/find-writer.ts";
import { existing, machineFolders } from "../shown-paths.ts";
import { commandResultSchema } from "./command-result-schema.ts";
import { programBeside } from "../program-beside.ts";
import type { ExecutorConfig } from "./executor-config.ts";
import type { ExecutorSettings } from "./execute-command.ts";
import { gitChange, gitOperation } from "./git/git-operation.ts";
import { shadowHome } from "./git/open-shadow.ts";
import { createProject } from "./project/create-project.ts";

/** Makes the agent that runs allowed commands. */
export function defineExecutor(config: ExecutorConfig): AgentSpec {
  const { isEnabled: _, instances, least, user: named, ...settings } = config;
  const { folders, projects } = settings;
  const isWriting = projects.length > 0;
  const user = findWriter("executor", named, { isWriting });
  return defineAgent({
    type: "executor",
    description:
      "Runs commands from a list, each with arguments that can do no harm, and never through a shell.",
    program: {
      kind: "module",
      file: programBeside(import.meta.url),
      args: [JSON.stringify(settings satisfies ExecutorSettings)],
      // A second wall behind the sandbox.
      nodeArgs: nodePermissionFlags({
        read: ["*"],
        write: [isWriting ? "*" : `${shadowHome}/*`],
        childProcess: true,
      }),
    },
    operations: [
      executeCommand(config),
      toOperationSpec(gitOperation),
      ...(isWriting ? [gitChange, createProject].map(toOperationSpec) : []),
    ],
    instances,
    limits: {
      // Waiting for a turn takes time too.
      taskMs: config.maxTimeoutMs + 30_000,
      concurrency: 4,
      process: { memoryBytes: 512 * 1024 * 1024, processes: 128, openFiles: 512 },
    },
    // The list of processes is the machine's; what they hold stays closed to the user of the sandbox.
    sandbox: {
      level: "full",
      least,
      readable: [...existing([...folders, ...madeOf]), "/proc"],
      // A link that changes after the check leads to nothing.
      hidden: machineFolders,
      writable: projects,
      ...(user === undefined ? {} : { user }),
    },
    priority: 10,
  });
}

/** What programs read to start, and to know the time. */
const madeOf = ["/etc/ld.so.cache", "/etc/localtime"];

function executeCommand({ maxTimeoutMs, timeoutMs }: ExecutorConfig): OperationSpec {
  return {
    name: "execute_command",
    tool: "execute_command",
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
    outputSchema: commandResultSchema,
  };
}
