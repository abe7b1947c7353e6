import * as z from "zod";

/** How long tools may take. */
export const TimeoutConfig = z
  .strictObject({
    defaultMs: z.int().positive().default(60_000).meta({
      description: "How long a tool may take, in milliseconds, unless perTool says otherwise.",
    }),
    perTool: z.record(z.string(), z.int().positive()).default({}).meta({
      description:
        "Other times for some tools: a tool's name, in which * stands for anything, and milliseconds. The first that fits counts.",
    }),
  })
  .meta({ description: "How long tools may take." });

/** How long tools may take. */
export type TimeoutConfig = z.output<typeof TimeoutConfig>;
