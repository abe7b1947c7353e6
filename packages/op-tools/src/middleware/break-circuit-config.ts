import * as z from "zod";

/** When calls to something that keeps failing are refused. */
export const BreakCircuitConfig = z
  .strictObject({
    by: z
      .enum(["tool", "source"])
      .default("tool")
      .meta({ description: "Whether each tool or each source of tools has a circuit of its own." }),
    windowMs: z
      .int()
      .positive()
      .default(60_000)
      .meta({ description: "How far back calls count, in milliseconds." }),
    minimumCalls: z
      .int()
      .positive()
      .default(10)
      .meta({ description: "With fewer calls in that time nothing is refused." }),
    failureRatio: z
      .number()
      .positive()
      .max(1)
      .default(0.5)
      .meta({ description: "The share of failures at which calls are refused." }),
    openMs: z.int().positive().default(15_000).meta({
      description: "How long calls are refused before some are tried again, in milliseconds.",
    }),
    halfOpenCalls: z
      .int()
      .positive()
      .default(2)
      .meta({ description: "How many calls are tried then." }),
  })
  .meta({ description: "When calls to something that keeps failing are refused." });

/** When calls to something that keeps failing are refused. */
export type BreakCircuitConfig = z.output<typeof BreakCircuitConfig>;
