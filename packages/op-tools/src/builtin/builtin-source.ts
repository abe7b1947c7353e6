import { hash } from "node:crypto";
import { systemClock } from "op-core";
import type { SourceOptions, ToolSource } from "../sources/tool-source.ts";
import { ToolNotFoundError } from "../tool-error.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { Tool } from "../tool/tool.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import {
  builtinDescriptors,
  builtinSourceName,
  isBuiltinName,
  type BuiltinName,
} from "./builtin-descriptors.ts";

/** Makes the source of the tools that op-mcp brings itself. Each is loaded when it is first called. */
export function createBuiltinSource(access: BuiltinAccess): ToolSource {
  const { clock = systemClock } = access;
  const startedMs = clock.monotonic();
  const uptimeMs = (): number => clock.monotonic() - startedMs;
  return {
    name: builtinSourceName,
    list: listBuiltins,
    // They change with the program alone, so most starts need not list them.
    fingerprint: () => Promise.resolve(hash("sha256", JSON.stringify(builtinDescriptors))),
    load: async (name, { signal }) => {
      signal.throwIfAborted();
      if (!isBuiltinName(name)) throw new ToolNotFoundError(name);
      return await loaders[name](access, uptimeMs);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function* listBuiltins({ signal }: SourceOptions): AsyncIterable<ToolDescriptor> {
  signal.throwIfAborted();
  yield* Object.values(builtinDescriptors);
}

const loaders: Readonly<
  Record<BuiltinName, (access: BuiltinAccess, uptimeMs: () => number) => Promise<Tool>>
> = {
  search_tools: async (access) => (await import("./search-tools.ts")).createSearchTools(access),
  describe_tool: async (access) => (await import("./describe-tool.ts")).createDescribeTool(access),
  call_tool: async (access) => (await import("./call-tool.ts")).createCallTool(access),
  call_tool_readonly: async (access) =>
    (await import("./call-tool.ts")).createCallToolReadonly(access),
  call_many: async (access) => (await import("./call-many.ts")).createCallMany(access),
  call_many_readonly: async (access) =>
    (await import("./call-many.ts")).createCallManyReadonly(access),
  server_status: async (access, uptimeMs) =>
    (await import("./server-status.ts")).createServerStatus(access, uptimeMs),
  get_system_info: async () => (await import("./get-system-info.ts")).createGetSystemInfo(),
  check_command_exists: async (access) =>
    (await import("./check-command-exists.ts")).createCheckCommandExists(access),
};
