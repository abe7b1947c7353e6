import * as z from "zod";

/** Whether there is the agent for the network, and how many. */
export const NetworkConfig = z
  .strictObject({
    isEnabled: z.boolean().default(true).meta({ description: "Whether there is this agent." }),
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
  .meta({ description: "The agent that looks at the network." });

/** Whether there is the agent for the network, and how many. */
export type NetworkConfig = z.output<typeof NetworkConfig>;
