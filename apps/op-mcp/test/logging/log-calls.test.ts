import { createTestContext } from "op-tools/testing";
import { type LogFields, silentLogger } from "op-core";
import { ToolNotFoundError } from "op-tools";
import { expect, test } from "vitest";
import { logCalls } from "../../src/logging/log-calls.ts";

test.each([
  [new ToolNotFoundError("x"), "ERR_TOOL_NOT_FOUND"],
  [new TypeError("a secret"), "unknown"],
])("a call that failed with %s is logged with the code alone", async (error, errorCode) => {
  const lines: (LogFields | undefined)[] = [];
  await logCalls().after?.(
    {
      tool: {
        name: "restart",
        description: "Restarts.",
        inputSchema: { type: "object" },
        annotations: {},
        category: "system",
        tags: [],
        source: "builtin",
        risk: "destructive",
      },
      args: { password: "a secret" },
      context: createTestContext({
        logger: { ...silentLogger, debug: (_message, fields) => lines.push(fields) },
      }),
    },
    { kind: "failed", error },
  );
  expect(lines).toEqual([{ tool: "restart", outcome: "failed", errorCode }]);
});
