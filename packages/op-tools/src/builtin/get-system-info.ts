import os from "node:os";
import type { JsonObject } from "op-core";
import * as z from "zod";
import { toPlainJson } from "../search/plain-text.ts";
import { defineTool } from "../tool/define-tool.ts";
import { dataResult } from "../tool/tool-result.ts";
import type { Tool } from "../tool/tool.ts";
import { builtinHeader } from "./builtin-header.ts";
import { readOsRelease } from "./os-release.ts";

/** Makes the tool that describes the machine. */
export function createGetSystemInfo(): Tool {
  return defineTool({
    ...builtinHeader("get_system_info"),
    input: z.strictObject({}),
    call: async (_nothing, { signal }) => {
      const release = await readOsRelease(signal);
      return dataResult(toPlainJson(describeMachine(release)));
    },
  });
}

function describeMachine(release: ReadonlyMap<string, string>): JsonObject {
  const processors = os.cpus();
  return {
    hostname: os.hostname(),
    os: {
      name: release.get("PRETTY_NAME") ?? release.get("NAME") ?? os.type(),
      id: release.get("ID") ?? "",
      version: release.get("VERSION_ID") ?? "",
    },
    kernel: `${os.type()} ${os.release()}`,
    architecture: os.machine(),
    uptimeSeconds: Math.floor(os.uptime()),
    loadAverage: os.loadavg().map((load) => Math.round(load * 100) / 100),
    cpu: { model: processors[0]?.model.trim() ?? "", count: processors.length },
    memory: { totalBytes: os.totalmem(), freeBytes: os.freemem() },
  };
}
