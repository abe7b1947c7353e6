import * as z from "zod";

/** How many calls may run at the same time. */
export const LimitConcurrencyConfig = z
  .strictObject({
    maxCalls: z
      .int()
      .positive()
      .default(64)
      .meta({ description: "How many calls run at the same time, all tools together." }),
    maxCallsPerTool: z
      .int()
      .positive()
      .default(16)
      .meta({ description: "How many calls of one tool run at the same time." }),
    maxQueue: z.int().nonnegative().default(256).meta({
      description:
        "How many calls may wait for their turn, for each tool and in all; others are refused.",
    }),
  })
  .meta({ description: "How many calls may run at the same time." });

/** How many calls may run at the same time. */
export type LimitConcurrencyConfig = z.output<typeof LimitConcurrencyConfig>;
