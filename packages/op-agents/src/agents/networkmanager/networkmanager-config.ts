import * as z from "zod";
import { InstancesOnDemand } from "../../spec/instances-config.ts";
import { LeastIsolation } from "../../spec/least-isolation.ts";

/** Whether there is the agent for NetworkManager, and how many. */
export const NetworkManagerConfig = z
  .strictObject({
    isEnabled: z
      .boolean()
      .default(true)
      .meta({ description: "Whether there is this agent, where NetworkManager is installed." }),
    instances: InstancesOnDemand,
    least: LeastIsolation,
  })
  .meta({ description: "The agent for NetworkManager." });

/** Whether there is the agent for NetworkManager, and how many. */
export type NetworkManagerConfig = z.output<typeof NetworkManagerConfig>;
