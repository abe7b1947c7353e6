import * as z from "zod";

/** Where log lines go, how they look and how long they are kept. */
export const LogConfig = z
  .strictObject({
    level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").meta({
      description:
        "The least urgent lines that are written. Where op-mcp starts with debug, each call is one, too.",
      live: true,
    }),
    format: z.enum(["auto", "json", "pretty"]).default("auto").meta({
      description: "How lines look; `auto` is pretty on a terminal and JSON elsewhere.",
    }),
    file: z.string().default("").meta({
      description: "A file that gets the lines instead of stderr; empty means stderr.",
    }),
    maxBytes: z
      .int()
      .min(4096)
      .default(10 * 1024 * 1024)
      .meta({ description: "The file is rotated before it grows beyond this size." }),
    maxAgeMs: z
      .int()
      .min(1000)
      .default(24 * 60 * 60 * 1000)
      .meta({ description: "The file is rotated when it is older than this." }),
    maxFiles: z.int().min(1).max(1000).default(7).meta({
      description: "How many rotated files are kept beside the current one.",
    }),
  })
  .meta({ description: "Logging. Lines never go to stdout, which belongs to MCP." });

/** Where log lines go, parsed and complete. */
export type LogConfig = z.output<typeof LogConfig>;
