import * as z from "zod";

/** Which answers are kept, and for how long. */
export const CacheResultConfig = z
  .strictObject({
    ttlMs: z
      .int()
      .positive()
      .default(10_000)
      .meta({ description: "How long an answer is given again, in milliseconds." }),
    tools: z.array(z.string()).default([]).meta({
      description:
        "Tools whose answers are kept besides those that call themselves read-only and idempotent: names, in which * stands for anything.",
    }),
    maxEntries: z
      .int()
      .positive()
      .default(1000)
      .meta({ description: "How many answers are kept; the longest unused are forgotten first." }),
    maxBytes: z
      .int()
      .positive()
      .default(16_777_216)
      .meta({ description: "How much memory the kept answers may take, in bytes, roughly." }),
  })
  .meta({ description: "Which answers are kept and given again." });

/** Which answers are kept, and for how long. */
export type CacheResultConfig = z.output<typeof CacheResultConfig>;
