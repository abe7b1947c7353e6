import * as z from "zod";
import { AgentLimitsConfig, AgentSpecConfig } from "./agent-spec-config.ts";

/** What can be limited of an agent that runs elsewhere. */
const BusAgentLimitsConfig = AgentLimitsConfig.omit({
  memoryBytes: true,
  processes: true,
  openFiles: true,
  cpuTimeMs: true,
});

/** An agent that somebody else runs, and that is found on a bus. */
const BusAgentConfig = AgentSpecConfig.omit({
  argv: true,
  instances: true,
  sandbox: true,
  cwd: true,
  env: true,
})
  .extend({
    name: z.string().default("").meta({
      description: "Its name on the bus; `org.dbusmcp.Agent.` and its type where it is empty.",
    }),
    limits: BusAgentLimitsConfig.prefault({}),
  })
  .meta({ description: "An agent that somebody else runs: it is neither sandboxed nor measured." });

/** An agent that somebody else runs, and that is found on a bus. */
export type BusAgentConfig = z.output<typeof BusAgentConfig>;

/** Agents of others, and own ones for others. */
export const BusAgentsConfig = z
  .strictObject({
    bus: z.enum(["session", "system"]).default("session").meta({
      description: "Which bus: the user's own, or that of the machine.",
    }),
    types: z.array(BusAgentConfig).readonly().default([]).meta({
      description: "Agents on the bus that others run, and whose operations are offered.",
    }),
    find: z
      .strictObject({
        names: z
          .array(z.string().regex(/^org\.dbusmcp\.Agent\.[\w.*-]+$/u))
          .readonly()
          .default([])
          .meta({
            description:
              "Names on the bus, such as `org.dbusmcp.Agent.Printer` or `org.dbusmcp.Agent.*`, whose agents are offered while they are there, by what they say of themselves; none unless you name them. An agent that the bus has to start is found only by its whole name.",
          }),
        leastRisk: z
          .enum(["read", "write", "destructive", "privileged"])
          .default("privileged")
          .meta({
            description:
              "How much their operations are taken to do at least, whatever they say of themselves.",
          }),
      })
      .prefault({})
      .meta({ description: "Agents on the bus that are found, and not configured one by one." }),
    expose: z.array(z.string()).readonly().default([]).meta({
      description:
        "Types of agents that others may use over the bus while clients are served, as `org.dbusmcp.Agent.<Type>`. Whoever the bus lets speak with them is a caller like others: policy, audit and limits are the same.",
    }),
  })
  .meta({ description: "Agents on D-Bus." });
