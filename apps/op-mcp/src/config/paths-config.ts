import * as z from "zod";

/** Where op-mcp keeps what it writes. */
export const PathsConfig = z
  .strictObject({
    cacheDir: z.string().default("").meta({
      description:
        "Holds what can be made again, such as the tool manifest; empty means `$XDG_CACHE_HOME/op-mcp`.",
    }),
    stateDir: z.string().default("").meta({
      description: "Holds what must outlive a restart; empty means `$XDG_STATE_HOME/op-mcp`.",
    }),
  })
  .meta({ description: "Directories." });

/** Where op-mcp keeps what it writes, as configured; see `resolveDirectories`. */
export type PathsConfig = z.output<typeof PathsConfig>;
