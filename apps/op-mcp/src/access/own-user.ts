import { userInfo } from "node:os";

/** Who runs op-mcp. The process is asked, as the user database takes milliseconds to answer. */
export function ownUserId(): number {
  return process.geteuid?.() ?? userInfo().uid;
}

/** Who runs op-mcp, as a caller. */
export function ownPrincipalId(): string {
  return `unix:uid=${ownUserId()}`;
}
