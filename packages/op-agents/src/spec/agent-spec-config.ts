import * as z from "zod";
import { WarmInstances } from "./instances-config.ts";
import { LeastIsolation } from "./least-isolation.ts";

const OperationConfig = z.strictObject({
  name: z.string().meta({ description: "Its name." }),
  description: z.string().default("").meta({ description: "What it does." }),
  inputSchema: z.record(z.string(), z.json()).default({}).meta({
    description: "JSON Schema of what it takes.",
  }),
  isIdempotent: z.boolean().default(false).meta({
    description:
      "Whether doing it twice is the same as doing it once: then it is tried again when its agent dies.",
  }),
  risk: z.enum(["read", "write", "destructive", "privileged"]).default("privileged").meta({
    description: "How much it can do to the machine.",
  }),
});

/** What an agent may use, wherever it runs. */
export const AgentLimitsConfig = z
  .strictObject({
    startMs: z.int().min(100).default(10_000).meta({ description: "How long a start may take." }),
    maxRuntimeMs: z.int().min(1000).default(3_600_000).meta({
      description: "How old an agent gets; then it is replaced between tasks.",
    }),
    maxTasks: z.int().min(1).default(10_000).meta({
      description: "How many tasks an agent does; then it is replaced between tasks.",
    }),
    concurrency: z.int().min(1).default(1).meta({
      description: "How many tasks an agent does at one time.",
    }),
    taskMs: z.int().min(1).default(60_000).meta({
      description: "How long a task may take that says nothing about it.",
    }),
    memoryBytes: z.int().min(1_000_000).default(536_870_912).meta({
      description: "How much memory an agent and what it starts may use.",
    }),
    processes: z.int().min(1).default(64).meta({
      description: "How many processes and threads it may have.",
    }),
    openFiles: z.int().min(16).default(1024).meta({
      description: "How many files each of its processes may have open.",
    }),
    cpuTimeMs: z.int().min(0).default(0).meta({
      description: "How much processor time it may use in its life; 0 for any.",
    }),
  })
  .meta({ description: "What an agent may use." });

const RestartConfig = z
  .strictObject({
    when: z.enum(["never", "always", "on-failure"]).default("on-failure").meta({
      description: "When an agent that ended is replaced.",
    }),
    maxRetries: z.int().min(0).default(5).meta({
      description: "After how many failures in a row the type is given up for a while.",
    }),
  })
  .meta({ description: "What happens when an agent ends." });

const SandboxConfig = z
  .strictObject({
    level: z.enum(["none", "limits", "user", "namespaces", "full"]).default("full").meta({
      description: "How much it is kept apart.",
    }),
    least: LeastIsolation,
    network: z.enum(["none", "host"]).default("none").meta({
      description: "Whether it sees the machine's network.",
    }),
    readable: z.array(z.string()).readonly().default([]).meta({
      description: "Absolute paths that it can read although they are hidden.",
    }),
    writable: z.array(z.string()).readonly().default([]).meta({
      description: "Absolute paths that it can write.",
    }),
  })
  .meta({ description: "How an agent is kept apart." });

/** An agent of one's own: any executable that speaks the protocol. */
export const AgentSpecConfig = z.strictObject({
  type: z.string().meta({ description: "The name of the type." }),
  description: z.string().default("").meta({ description: "What it is for." }),
  argv: z.tuple([z.string()], z.string()).readonly().meta({
    description: "The program and its arguments, as they are: no shell reads them.",
  }),
  operations: z.array(OperationConfig).readonly().meta({ description: "What it does." }),
  instances: WarmInstances,
  idleMs: z.int().min(1000).default(60_000).meta({
    description: "How long an agent beyond the fewest may be idle.",
  }),
  limits: AgentLimitsConfig.prefault({}),
  restart: RestartConfig.prefault({}),
  sandbox: SandboxConfig.prefault({}),
  cwd: z.string().default("/").meta({ description: "Its working directory." }),
  env: z.record(z.string(), z.string()).default({}).meta({
    description: "Its whole environment: nothing is inherited.",
  }),
  priority: z.int().default(100).meta({ description: "Smaller numbers start first." }),
});

/** An agent of one's own: any executable that speaks the protocol. */
export type AgentSpecConfig = z.output<typeof AgentSpecConfig>;
