import * as z from "zod";

/** What is looked at in what tools say. */
export const GuardsConfig = z
  .strictObject({
    hiddenInstructions: z.enum(["off", "flag", "block"]).default("flag").meta({
      description:
        "What happens to a result in which instructions seem to be hidden, such as invisible characters or `ignore previous instructions`: nothing, a warning before it, or an error in its place.",
    }),
    changedTools: z.enum(["off", "quarantine"]).default("quarantine").meta({
      description:
        "What happens to a tool of a plugin or of another server whose description or schema is another than when it was first called: nothing, or no call until `op-mcp pins approve NAME`.",
    }),
  })
  .meta({ description: "Text that tools bring is data: what is looked at in it." });

/** What is looked at in what tools say. */
export type GuardsConfig = z.output<typeof GuardsConfig>;
