import * as z from "zod";

const rate = (callsPerSecond: number, burst: number, whom: string) =>
  z
    .strictObject({
      callsPerSecond: z
        .number()
        .positive()
        .default(callsPerSecond)
        .meta({ description: `How many calls a second ${whom} may make in the long run.` }),
      burst: z
        .int()
        .positive()
        .default(burst)
        .meta({ description: `How many calls ${whom} may make at once after a pause.` }),
    })
    .prefault({});

/** How often tools may be called. */
export const LimitRateConfig = z
  .strictObject({
    perPrincipal: rate(50, 200, "one caller").meta({ description: "All calls of one caller." }),
    perTool: rate(20, 100, "one caller of one tool").meta({
      description: "The calls of one caller to one tool.",
    }),
    maxBuckets: z.int().positive().default(10_000).meta({
      description: "How many callers and tools are remembered; the longest unseen are forgotten.",
    }),
  })
  .meta({ description: "How often tools may be called." });

/** How often tools may be called. */
export type LimitRateConfig = z.output<typeof LimitRateConfig>;
