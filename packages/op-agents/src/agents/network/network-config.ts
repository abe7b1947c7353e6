import * as z from "zod";
import { InstancesOnDemand } from "../../spec/instances-config.ts";
import { LeastIsolation } from "../../spec/least-isolation.ts";

/** Whether there is the agent for the network, and how many. */
export const NetworkConfig = z
  .strictObject({
    isEnabled: z.boolean().default(true).meta({ description: "Whether there is this agent." }),
    instances: InstancesOnDemand,
    least: LeastIsolation,
  })
  .meta({ description: "The agent that looks at the network." });

/** Whether there is the agent for the network, and how many. */
export type NetworkConfig = z.output<typeof NetworkConfig>;
