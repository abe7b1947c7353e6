import { hiddenFolders, nodePermissionFlags } from "op-process";
import type { AgentSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import { toOperationSpec } from "../operation/agent-operation.ts";
import { isWithin } from "../places/forbidden-places.ts";
import { programBeside } from "../program-beside.ts";
import type { MonitorConfig } from "./monitor-config.ts";
import { monitorOperations } from "./monitor-operations.ts";
import type { MonitorArguments } from "./monitor-setting.ts";
import { readFileSystems } from "./readings/mounted-file-systems.ts";

const day = 86_400_000;

/** Makes the agent that watches the machine: one, because it remembers what it has seen. */
export function defineMonitorAgent(config: MonitorConfig): AgentSpec {
  const { intervalMs, historyLength, times, thresholds, least } = config;
  const settings: MonitorArguments = { intervalMs, historyLength, times, thresholds };
  return defineAgent({
    type: "monitor",
    description: "Watches processors, memory, disks and processes, and remembers how they were.",
    program: {
      kind: "module",
      file: programBeside(import.meta.url),
      args: [JSON.stringify(settings)],
      // A second wall behind the sandbox: it reads, and does nothing else.
      nodeArgs: nodePermissionFlags({ read: ["*"] }),
    },
    operations: monitorOperations.map(toOperationSpec),
    instances: { min: 1, max: 1 },
    limits: {
      taskMs: 330_000,
      concurrency: 32,
      // A new one would have forgotten everything.
      maxRuntimeMs: 20 * day,
      maxTasks: Number.MAX_SAFE_INTEGER,
      process: { memoryBytes: 256 * 1024 * 1024, processes: 32, openFiles: 256 },
    },
    sandbox: { level: "full", least, readable: ["/proc", ...hiddenDisks()] },
    priority: 30,
  });
}

/** Where disks are mounted in folders that a sandbox hides: how full they are can't be told otherwise. */
function hiddenDisks(): readonly string[] {
  return readFileSystems()
    .map(({ mount }) => mount)
    .filter((mount) => hiddenFolders.some((folder) => isWithin(mount, folder)));
}
