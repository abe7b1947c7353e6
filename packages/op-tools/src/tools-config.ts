import * as z from "zod";

/** How tools are loaded and listed. */
export const ToolsConfig = z
  .strictObject({
    maxTools: z.int().min(1).default(50).meta({
      description:
        "How many tools stay loaded; the least recently used go first, never one in use.",
    }),
    idleMs: z.int().min(1000).default(300_000).meta({
      description: "A tool that is not used for this long is unloaded.",
    }),
    preload: z.array(z.string()).default([]).meta({
      description: "Names of tools that are loaded right after the start and never unloaded.",
    }),
    listTimeoutMs: z.int().min(100).default(30_000).meta({
      description: "How long one listing of a source may take before it counts as failed.",
    }),
  })
  .meta({ description: "Tools." });

/** How tools are loaded and listed. */
export type ToolsConfig = z.output<typeof ToolsConfig>;
