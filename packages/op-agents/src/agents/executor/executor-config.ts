import * as z from "zod";
import { WarmInstances } from "../../spec/instances-config.ts";
import { LeastIsolation } from "../../spec/least-isolation.ts";
import { WriterConfig } from "../places/writer-config.ts";

/** The commands that are allowed unless the configuration names others. */
const defaultCommands =
  "ls cat grep ps top df du free uptime whoami date hostname pwd echo wc sort head tail";

/** Which commands the executor runs, and where. */
export const ExecutorConfig = z
  .strictObject({
    isEnabled: z.boolean().default(true).meta({ description: "Whether there is such an agent." }),
    allow: z.array(z.string()).readonly().default(defaultCommands.split(" ")).meta({
      description: "Commands that may be run; each must be one that the executor has rules for.",
    }),
    block: z.array(z.string()).readonly().default([]).meta({
      description: "Commands that may not, although they are allowed.",
    }),
    folders: z.array(z.string()).readonly().default(["/home", "/tmp", "/var/log"]).meta({
      description: "Folders in which commands work and read.",
    }),
    projects: z.array(z.string()).readonly().default([]).meta({
      description:
        "Folders in which projects are made and git may change repositories; none unless you name them.",
    }),
    user: WriterConfig.prefault({}).meta({
      description: "As whom commands run, where op-mcp runs as root.",
    }),
    forbiddenCharacters: z.string().default(";&|`$<>").meta({
      description: "Characters that no argument may have, except the pattern of grep.",
    }),
    commandLength: z.int().min(1).default(1024).meta({
      description: "How many characters a command has at most, with its arguments.",
    }),
    argumentLength: z.int().min(1).default(256).meta({
      description: "How many characters an argument has at most.",
    }),
    timeoutMs: z.int().min(1).default(30_000).meta({
      description: "How long a command may take that says nothing about it.",
    }),
    maxTimeoutMs: z.int().min(1).default(300_000).meta({
      description: "How long a command may take at most.",
    }),
    outputBytes: z.int().min(1).default(1_048_576).meta({
      description: "How much output is kept; what comes after ends the command.",
    }),
    instances: WarmInstances,
    least: LeastIsolation,
  })
  .meta({ description: "The agent that runs commands." });

/** Which commands the executor runs, and where. */
export type ExecutorConfig = z.output<typeof ExecutorConfig>;
