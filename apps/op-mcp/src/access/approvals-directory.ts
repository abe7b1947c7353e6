import { join } from "node:path";
import type { Directories } from "../config/directories.ts";

/** Where calls wait for `op-mcp approve`, and where approvals wait for their calls. */
export function approvalsDirectory({ state }: Directories): string {
  return join(state, "approvals");
}
