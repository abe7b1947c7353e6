import * as z from "zod";

/** Where a plugin of somebody else is. */
export const ExternalPluginConfig = z
  .strictObject({
    kind: z.enum(["module", "executable", "service"]).meta({
      description:
        "An ES module that exports `openStatePlugin`, a program that speaks the protocol of agents, or a service of the system's bus.",
    }),
    target: z.array(z.string().min(1)).min(1).meta({
      description:
        "The module's absolute path, the program's with its arguments, or the service's name.",
    }),
  })
  .meta({ description: "Where the plugin is." });

/** Where a plugin of somebody else is. */
export type ExternalPluginConfig = z.output<typeof ExternalPluginConfig>;
