import * as z from "zod";

const strings = (description: string) => z.array(z.string()).default([]).meta({ description });

/** Which tools clients are shown, and how. */
export const DisclosureConfig = z.strictObject({
  mode: z.enum(["direct", "search", "auto"]).default("auto").meta({
    description:
      "direct lists every tool, search lists a few that find and call the others, auto is direct while there are few.",
  }),
  autoThreshold: z
    .int()
    .min(0)
    .default(30)
    .meta({ description: "The greatest number of tools that auto lists directly." }),
  pinned: strings("Names of tools that are listed in every mode, first."),
  context: z
    .strictObject({
      categories: strings("Only tools of these categories."),
      tags: strings("Only tools with one of these tags."),
      sources: strings("Only tools of these sources."),
      names: strings("Only tools with these names; * stands for any text."),
    })
    .prefault({})
    .meta({ description: "Narrows what is listed, found and callable; an empty list does not." }),
});

/** Which tools clients are shown, and how. */
export type DisclosureConfig = z.output<typeof DisclosureConfig>;
