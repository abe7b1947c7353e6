import * as z from "zod";

/** Tool sources that come from outside. */
export const PluginsConfig = z
  .strictObject({
    modules: z.array(z.string()).default([]).meta({
      description:
        "ES modules that each export `openToolSource`. Their code runs inside op-mcp with all its rights; a relative path starts at the working directory.",
    }),
  })
  .meta({ description: "Plugins." });

/** Tool sources that come from outside. */
export type PluginsConfig = z.output<typeof PluginsConfig>;
