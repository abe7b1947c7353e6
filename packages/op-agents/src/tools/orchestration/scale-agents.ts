import { defineTool } from "op-tools/define";
import type { Tool } from "op-tools";
import * as z from "zod";
import { UnknownOperationError } from "../../agent-error.ts";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { toolHeader } from "./tool-header.ts";

const output = z.object({
  type: z.string(),
  wanted: z.int().meta({ description: "How many there will be, within the limits of the type." }),
  running: z.int(),
});

/** Makes the tool that starts or ends agents ahead of the load. */
export function createScaleAgents(parts: AgentToolParts): Tool {
  const { specs, pool: lazyPool } = parts;
  return defineTool({
    ...toolHeader(parts, "scale_agents", "Scale agents"),
    description:
      "Keeps so many agents of a type for now, and starts a type again that was given up. Load changes the number again.",
    input: z.strictObject({
      type: z.string().meta({ description: "The type of agent." }),
      count: z.int().min(0).max(1000).meta({ description: "How many." }),
    }),
    output,
    risk: "write",
    annotations: { idempotentHint: true, openWorldHint: false },
    call: async ({ type, count }, { signal }) => {
      const known = specs.map((spec) => spec.type);
      if (!known.includes(type)) throw new UnknownOperationError(type, "", known);
      const pool = await lazyPool.get({ signal });
      pool.revive(type);
      pool.scale(type, count);
      const { wanted = 0, running = 0 } = pool.types.find((view) => view.type === type) ?? {};
      return { type, wanted, running };
    },
  });
}
