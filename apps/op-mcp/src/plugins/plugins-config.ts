import * as z from "zod";

/** What comes from outside. */
export const PluginsConfig = z
  .strictObject({
    modules: z.array(z.string()).default([]).meta({
      description:
        "ES modules that export `openToolSource`, `openResourceSource` or `openPromptSource`. Their code runs inside op-mcp with all its rights; a relative path starts at the working directory.",
    }),
  })
  .meta({ description: "Plugins." });

/** What comes from outside. */
export type PluginsConfig = z.output<typeof PluginsConfig>;
