import { existsSync } from "node:fs";
import { nodePermissionFlags } from "op-process";
import type { AgentSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import { toOperationSpec } from "../operation/agent-operation.ts";
import { findWriter } from "../places/find-writer.ts";
import { programBeside } from "../program-beside.ts";
import { existing, machineFolders } from "../shown-paths.ts";
import type { FileConfig } from "./file-config.ts";
import { changingOperations, readingOperations } from "./file-operations.ts";
import { ripgrep } from "./search/search-by-ripgrep.ts";
import type { FileArguments } from "./serve-files.ts";

/**
 * Makes the agent that reads and writes files. Without writable folders it has no operation that writes.
 *
 * @throws {AgentSpecError} it would write as root, or as a user that is another one after each start.
 */
export function defineFileAgent(config: FileConfig): AgentSpec {
  const { isEnabled: _, instances, least, user: named, readable, writable, ...limits } = config;
  const user = findWriter("file", named, { isWriting: writable.length > 0 });
  const folders = { readable, writable };
  const hasRipgrep = config.hasRipgrep && existsSync(ripgrep);
  const settings: FileArguments = { ...limits, ...folders, hasRipgrep };
  return defineAgent({
    type: "file",
    description:
      "Reads, searches and, where that is configured, writes files in permitted folders.",
    program: {
      kind: "module",
      file: programBeside(import.meta.url),
      args: [JSON.stringify(settings)],
      // A second wall behind the sandbox.
      nodeArgs: nodePermissionFlags({
        read: ["*"],
        childProcess: hasRipgrep,
        ...(writable.length === 0 ? {} : { write: ["*"] }),
      }),
    },
    operations: [...readingOperations, ...(writable.length === 0 ? [] : changingOperations)].map(
      toOperationSpec,
    ),
    instances,
    limits: {
      taskMs: 330_000,
      concurrency: 8,
      process: { memoryBytes: 512 * 1024 * 1024, processes: 64, openFiles: 1024 },
    },
    sandbox: {
      level: "full",
      least,
      // One of the default folders may be missing; one that somebody wants written may not.
      readable: existing(readable),
      writable,
      hidden: machineFolders,
      ...(user === undefined ? {} : { user }),
    },
    priority: 20,
  });
}
