import { realpathSync } from "node:fs";
import { nodePermissionFlags } from "op-process";
import type { AgentSpec } from "../../spec/agent-spec.ts";
import { defineAgent } from "../../spec/define-agent.ts";
import { toOperationSpec } from "../operation/agent-operation.ts";
import { programBeside } from "../program-beside.ts";
import { existing } from "../shown-paths.ts";
import type { NetworkConfig } from "./network-config.ts";
import { networkOperations } from "./network-operations.ts";

/** Makes the agent that looks at the network. It changes nothing, and is a user that nobody else is. */
export function defineNetworkAgent({ instances, least }: NetworkConfig): AgentSpec {
  return defineAgent({
    type: "network",
    description: "Looks at interfaces, routes, sockets and DNS, and finds out what is reached.",
    program: {
      kind: "module",
      file: programBeside(import.meta.url),
      // A second wall behind the sandbox: it writes nothing, and starts ip and ss alone.
      nodeArgs: nodePermissionFlags({ read: ["*"], childProcess: true }),
    },
    operations: networkOperations.map(toOperationSpec),
    instances,
    limits: {
      taskMs: 120_000,
      concurrency: 8,
      process: { memoryBytes: 512 * 1024 * 1024, processes: 64, openFiles: 512 },
    },
    sandbox: {
      level: "full",
      least,
      network: "host",
      // Who the processes of a unit are; what they hold stays closed.
      readable: ["/proc", ...existing(resolverPlaces())],
    },
    priority: 20,
  });
}

/** Where names are asked for, as far as it is hidden. */
function resolverPlaces(): readonly string[] {
  const places = ["/run/systemd/resolve"];
  try {
    return [...places, realpathSync("/etc/resolv.conf")].filter((path) => path.startsWith("/run/"));
  } catch {
    return places;
  }
}
