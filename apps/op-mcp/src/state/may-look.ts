import { toToolName, type Principal } from "op-tools";
import type { Access } from "../access/open-access.ts";

/** Who looks at which plugin's state. */
export interface Looking {
  readonly principal: Principal;
  readonly plugin: string;
  readonly atMs: number;
}

/** Whether somebody may read a plugin's state as a resource: as they may by its tool. */
export function mayLook({ policy }: Pick<Access, "policy">, looking: Looking): boolean {
  const { principal, plugin, atMs } = looking;
  const tool = {
    tool: toToolName(`state_${plugin}_query`),
    source: "state",
    category: "state",
    tags: ["state"],
  };
  const request = { ...tool, principal, risk: "read", args: {}, atMs } as const;
  return policy().decide(request).verdict === "allow";
}
