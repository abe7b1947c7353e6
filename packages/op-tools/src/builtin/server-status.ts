import * as z from "zod";
import { toPlainJson } from "../search/plain-text.ts";
import { defineTool } from "../tool/define-tool.ts";
import { dataResult } from "../tool/tool-result.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { builtinHeader } from "./builtin-header.ts";

/** Makes the tool that shows the state of op-mcp itself. */
export function createServerStatus(
  { describeStatus, versions }: Pick<BuiltinAccess, "describeStatus" | "versions">,
  uptimeMs: () => number,
): Tool {
  return defineTool({
    ...builtinHeader("server_status"),
    input: z.strictObject({}),
    call: async (_nothing, { signal }) => {
      const status = await describeStatus({ signal });
      const uptimeSeconds = Math.floor(uptimeMs() / 1000);
      const allVersions = { ...versions, node: process.versions.node };
      return dataResult(toPlainJson({ versions: allVersions, uptimeSeconds, ...status }));
    },
  });
}
