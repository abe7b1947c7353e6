import { UsageError } from "../cli-error.ts";

/** A plugin of somebody else that is not configured. */
export function unknownPlugin(name: string, known: readonly string[]): UsageError {
  const advice =
    known.length === 0 ? "Add it first: op-mcp plugins add." : `There is ${known.join(", ")}.`;
  return new UsageError(`No plugin of others is called ${JSON.stringify(name)}.`, { advice });
}
