import { nodePermissionFlags } from "op-process";
import type { AgentSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import { toOperationSpec } from "../operation/agent-operation.ts";
import { packageFolders } from "../package-folders.ts";
import { programBeside } from "../program-beside.ts";
import { existing, rootFolders, socketsOf } from "../shown-paths.ts";
import type { SystemdConfig } from "./systemd-config.ts";
import { systemdOperations } from "./systemd-operations.ts";
import type { SystemdArguments } from "./systemd-setting.ts";

/** What is not said in the configuration of the agent. */
export interface SystemdAgentOptions {
  /** The address of the system bus. */
  readonly address: string;
}

/** Makes the agent for systemd's units and journal. It needs op-dbus. */
export function defineSystemdAgent(
  config: SystemdConfig,
  { address }: SystemdAgentOptions,
): AgentSpec {
  const { instances, least, journal, protect } = config;
  const settings: SystemdArguments = { address, journal, protect };
  return defineAgent({
    type: "systemd",
    description: "Looks at systemd's units and journal, and starts, stops and enables units.",
    program: {
      kind: "module",
      file: programBeside(import.meta.url),
      args: [JSON.stringify(settings)],
      // A second wall behind the sandbox: it writes nothing, and starts journalctl alone.
      nodeArgs: nodePermissionFlags({ read: ["*"], childProcess: true }),
    },
    operations: systemdOperations.map(toOperationSpec),
    instances,
    limits: {
      // The longest following of the journal, and a moment to end it.
      taskMs: 630_000,
      concurrency: 8,
      process: { memoryBytes: 512 * 1024 * 1024, processes: 64, openFiles: 512 },
    },
    sandbox: {
      level: "full",
      least,
      // systemd knows by the user who may do what, and journald who may read.
      user: "same",
      hidden: rootFolders,
      readable: [
        ...socketsOf(address),
        ...existing(journal === "" ? journalFolders : [journal]),
        ...existing(unitFolders),
        ...packageFolders(["op-dbus", "op-core"], import.meta.url),
      ],
    },
    // The folder with the time zone is hidden.
    env: { TZ: Intl.DateTimeFormat().resolvedOptions().timeZone },
    priority: 20,
  });
}

const journalFolders = ["/var/log/journal", "/run/log/journal", "/etc/machine-id"];

/** Where units have their files, as far as it is hidden. */
const unitFolders = [
  "/etc/systemd",
  "/etc/init.d",
  "/run/systemd/system",
  "/run/systemd/transient",
  "/run/systemd/generator",
  "/run/systemd/generator.early",
  "/run/systemd/generator.late",
];
