import * as z from "zod";

/** How large an answer may be, and how long the rest of a larger one can be read. */
export const LimitResultConfig = z
  .strictObject({
    maxBytes: z.int().min(256).default(40_000).meta({
      description: "How large an answer may be, in bytes; of a larger one a page is shown.",
    }),
    ttlMs: z
      .int()
      .positive()
      .default(600_000)
      .meta({ description: "How long the other pages can be read, in milliseconds." }),
    maxStoreBytes: z.int().positive().default(67_108_864).meta({
      description: "How much memory the pages of all answers may take, in bytes, roughly.",
    }),
  })
  .meta({ description: "How large an answer may be." });

/** How large an answer may be, and how long the rest of a larger one can be read. */
export type LimitResultConfig = z.output<typeof LimitResultConfig>;
