import type { AgentSpec } from "../spec/agent-spec.ts";

/** What an agent says of itself to those who find it. */
export function describeAgent({ description, operations }: AgentSpec): string {
  return JSON.stringify({
    description,
    operations: operations.map((operation) => ({
      name: operation.name,
      description: operation.description,
      inputSchema: operation.inputSchema,
      ...(operation.outputSchema === undefined ? {} : { outputSchema: operation.outputSchema }),
      isIdempotent: operation.isIdempotent,
      risk: operation.risk,
    })),
  });
}
