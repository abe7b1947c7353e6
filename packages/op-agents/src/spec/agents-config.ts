import * as z from "zod";
import { ExecutorConfig } from "../agents/executor/executor-config.ts";
import { FileConfig } from "../agents/file/file-config.ts";
import { MonitorConfig } from "../agents/monitor/monitor-config.ts";
import { NetworkConfig } from "../agents/network/network-config.ts";
import { NetworkManagerConfig } from "../agents/networkmanager/networkmanager-config.ts";
import { SystemdConfig } from "../agents/systemd/systemd-config.ts";
import { AgentSpecConfig } from "./agent-spec-config.ts";
import { BusAgentsConfig } from "./bus-agents-config.ts";

/** Which agents there are, and how many. */
export const AgentsConfig = z
  .strictObject({
    maxAgents: z.int().min(1).max(1000).default(50).meta({
      description: "How many agents there are at most, of all types together.",
    }),
    healthIntervalMs: z.int().min(100).default(30_000).meta({
      description: "How often idle agents are asked for a sign of life.",
    }),
    healthDeadlineMs: z.int().min(10).default(5000).meta({
      description: "How long an idle agent may take to give one before it is replaced.",
    }),
    maxQueued: z.int().min(1).default(1000).meta({
      description: "How many tasks of one type wait at most.",
    }),
    maxQueuedPerPrincipal: z.int().min(1).default(500).meta({
      description: "How many tasks of one type wait at most for one principal.",
    }),
    historyLength: z.int().min(0).default(1000).meta({
      description: "How many tasks are remembered after they ended.",
    }),
    executor: ExecutorConfig.prefault({}),
    file: FileConfig.prefault({}),
    monitor: MonitorConfig.prefault({}),
    systemd: SystemdConfig.prefault({}),
    network: NetworkConfig.prefault({}),
    networkmanager: NetworkManagerConfig.prefault({}),
    preferDirect: z.boolean().default(false).meta({
      description:
        "Whether services on the bus, such as systemd, are asked without an agent in between.",
    }),
    types: z.array(AgentSpecConfig).readonly().default([]).meta({
      description: "Agents of your own.",
    }),
    dbus: BusAgentsConfig.prefault({}),
  })
  .meta({ description: "Agents." });

/** Which agents there are, and how many. */
export type AgentsConfig = z.output<typeof AgentsConfig>;
