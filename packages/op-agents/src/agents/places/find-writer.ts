import type { UserIds } from "op-process";
import { AgentSpecError } from "../../agent-error.ts";

/** As whom an agent works, where somebody is named; nobody works as root, or with its group. */
export function findWriter(
  type: string,
  named: UserIds,
  { isWriting }: { readonly isWriting: boolean },
): UserIds | undefined {
  if (named.uid !== 0 && named.gid !== 0) return named;
  // The user that owns nothing is another one after each start, and what it wrote would be nobody's.
  if (!isWriting || process.getuid?.() !== 0) return undefined;
  throw new AgentSpecError(type, "op-mcp runs as root, and no user is named whose files it writes");
}
