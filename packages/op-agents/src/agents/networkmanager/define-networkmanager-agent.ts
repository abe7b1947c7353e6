import { nodePermissionFlags } from "op-process";
import type { AgentSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import { toOperationSpec } from "../operation/agent-operation.ts";
import { packageFolders } from "../package-folders.ts";
import { programBeside } from "../program-beside.ts";
import { rootFolders, socketsOf } from "../shown-paths.ts";
import type { NetworkManagerConfig } from "./networkmanager-config.ts";
import { networkManagerOperations } from "./networkmanager-operations.ts";
import type { NetworkManagerArguments } from "./networkmanager-setting.ts";

/** Makes the agent for NetworkManager's connections. It needs op-dbus. */
export function defineNetworkManagerAgent(
  { instances, least }: NetworkManagerConfig,
  { address }: NetworkManagerArguments,
): AgentSpec {
  const settings: NetworkManagerArguments = { address };
  return defineAgent({
    type: "networkmanager",
    description: "Lists and changes NetworkManager's connections, and goes back when a link dies.",
    program: {
      kind: "module",
      file: programBeside(import.meta.url),
      args: [JSON.stringify(settings)],
      // A second wall behind the sandbox: it writes nothing and starts nothing.
      nodeArgs: nodePermissionFlags({ read: ["*"] }),
    },
    operations: networkManagerOperations.map(toOperationSpec),
    instances,
    limits: {
      taskMs: 180_000,
      concurrency: 4,
      process: { memoryBytes: 512 * 1024 * 1024, processes: 64, openFiles: 512 },
    },
    sandbox: {
      level: "full",
      least,
      // NetworkManager knows by the user who may do what.
      user: "same",
      hidden: rootFolders,
      readable: [...socketsOf(address), ...packageFolders(["op-dbus", "op-core"], import.meta.url)],
    },
    priority: 20,
  });
}
