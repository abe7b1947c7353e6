import * as z from "zod";
import { InstancesOnDemand } from "../../spec/instances-config.ts";
import { LeastIsolation } from "../../spec/least-isolation.ts";
import { WriterConfig } from "../places/writer-config.ts";

/** Which files the file agent reads and writes. */
export const FileConfig = z
  .strictObject({
    isEnabled: z.boolean().default(true).meta({ description: "Whether there is such an agent." }),
    readable: z.array(z.string()).readonly().default(["/home", "/tmp", "/var/log"]).meta({
      description: "Folders whose files are read.",
    }),
    writable: z.array(z.string()).readonly().default([]).meta({
      description: "Folders whose files are read and written; none unless you name them.",
    }),
    user: WriterConfig.prefault({}).meta({
      description: "Whose files are read and written, where op-mcp runs as root.",
    }),
    readBytes: z.int().min(1024).max(4_194_304).default(1_048_576).meta({
      description: "How much of a file one answer has at most.",
    }),
    writeBytes: z.int().min(1).max(4_194_304).default(4_194_304).meta({
      description: "How much one call writes at most.",
    }),
    maxEntries: z.int().min(1).max(10_000).default(1000).meta({
      description: "How many entries or matches one answer has at most.",
    }),
    hasRipgrep: z.boolean().default(true).meta({
      description: "Whether text is searched by ripgrep where it is installed.",
    }),
    instances: InstancesOnDemand,
    least: LeastIsolation,
  })
  .meta({ description: "The agent that reads and writes files." });

/** Which files the file agent reads and writes. */
export type FileConfig = z.output<typeof FileConfig>;
