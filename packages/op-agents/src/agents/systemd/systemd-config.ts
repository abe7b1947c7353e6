import * as z from "zod";
import { InstancesOnDemand } from "../../spec/instances-config.ts";
import { LeastIsolation } from "../../spec/least-isolation.ts";

/** What the agent for systemd may do, and where it looks. */
export const SystemdConfig = z
  .strictObject({
    isEnabled: z.boolean().default(true).meta({ description: "Whether there is this agent." }),
    protect: z
      .array(z.string().regex(/^[A-Za-z0-9:_.\\@*-]{1,256}$/))
      .readonly()
      .default([])
      .meta({
        description: "Units that are only looked at; * stands for anything, as in ssh*.service.",
      }),
    journal: z.string().default("").meta({
      description: "A folder with a journal to read instead of this machine's own.",
    }),
    instances: InstancesOnDemand,
    least: LeastIsolation,
  })
  .meta({ description: "The agent for systemd's units and journal." });

/** What the agent for systemd may do, and where it looks. */
export type SystemdConfig = z.output<typeof SystemdConfig>;
