import { systemClock } from "op-core";
import { resolveAuditPlaces, type AuditPlaces } from "../../audit/audit-places.ts";
import { resolveDirectories } from "../../config/directories.ts";
import type { CommandContext } from "../command.ts";

/** Where the logs lie by the configuration of this command line. */
export async function findAuditPlaces(context: CommandContext): Promise<AuditPlaces> {
  const { config } = await context.loadConfig();
  return resolveAuditPlaces(config.audit, resolveDirectories(config.paths, context.io.env));
}

/** Now, in milliseconds since the epoch. */
export function nowMs(): number {
  return systemClock.now();
}
