import * as z from "zod";

/** As whom an agent works, by numbers. */
export const WriterConfig = z.strictObject({
  uid: z.int().min(1).meta({ description: "The number of the user." }),
  gid: z.int().min(1).meta({ description: "The number of the group." }),
});
