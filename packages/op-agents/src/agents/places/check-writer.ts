import type { UserIds } from "op-process";
import { AgentSpecError } from "../../agent-error.ts";

/** Refuses an agent that would write as root, or as a user that is another one after each start. */
export function checkWriter(type: string, isWriting: boolean, user: UserIds | undefined): void {
  if (!isWriting || user !== undefined || process.getuid?.() !== 0) return;
  throw new AgentSpecError(type, "op-mcp runs as root, and no user is named whose files it writes");
}
