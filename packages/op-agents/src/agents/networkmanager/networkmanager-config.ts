import * as z from "zod";

/** Whether there is the agent for NetworkManager, and how many. */
export const NetworkManagerConfig = z
  .strictObject({
    isEnabled: z
      .boolean()
      .default(true)
      .meta({ description: "Whether there is this agent, where NetworkManager is installed." }),
    instances: z
      .strictObject({
        min: z.int().min(0).default(0).meta({ description: "How many agents there are always." }),
        max: z.int().min(1).default(2).meta({ description: "How many there are under load." }),
      })
      .prefault({})
      .meta({ description: "How many agents there are." }),
    least: z.enum(["none", "limits", "user", "namespaces", "full"]).default("full").meta({
      description: "Below which isolation no agent starts.",
    }),
  })
  .meta({ description: "The agent for NetworkManager." });

/** Whether there is the agent for NetworkManager, and how many. */
export type NetworkManagerConfig = z.output<typeof NetworkManagerConfig>;
