import * as z from "zod";

/** What the tools take that call another one. */
export const callInput = z.strictObject({
  name: z.string().meta({ description: "The tool's name." }),
  arguments: z
    .looseObject({})
    .default({})
    .meta({ description: "The tool's arguments, as its inputSchema says." }),
});
