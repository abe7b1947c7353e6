import * as z from "zod";

/** As whom an agent works, by numbers. */
export const WriterConfig = z.strictObject({
  uid: z.int().min(0).default(0).meta({
    description:
      "The number of the user; 0 for one that owns nothing, who reads what everybody may.",
  }),
  gid: z.int().min(0).default(0).meta({
    description: "The number of the group; 0 for one that owns nothing.",
  }),
});
