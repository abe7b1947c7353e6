import { createTestContext } from "op-tools/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JsonObject, type LogFields, silentLogger } from "op-core";
import { defaultPriority, metaToolNames } from "op-tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultConfig } from "../../src/config/default-config.ts";
import { openSystem, type System } from "../../src/wiring/open-system.ts";

let home: string;
let system: System;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "op-mcp-system-"));
  const config = {
    ...defaultConfig,
    disclosure: { ...defaultConfig.disclosure, mode: "direct" as const },
    log: { ...defaultConfig.log, level: "debug" as const },
    paths: { cacheDir: join(home, "cache"), stateDir: join(home, "state") },
  };
  system = await openSystem({ config, env: { PATH: "/bin:/usr/bin" }, logger: silentLogger });
  await system.toolbox.ready;
});

afterEach(async () => {
  await system[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
});

const context = createTestContext();

describe("the whole system", () => {
  it("shows the built-in tools, and says who it is and how to find the others", () => {
    expect(system.host.info.name).toBe("op-mcp");
    expect(system.host.instructions).toContain("search_tools");
    const listed = system.host.tools.slice(0, 100).map(({ name }) => name);
    expect(listed).toEqual(expect.arrayContaining([...metaToolNames, "get_system_info"]));
  });

  it("checks arguments of a tool wherever it is called from", async () => {
    const direct = await system.host.tools.call("check_command_exists", { command: 5 }, context);
    expect(direct.isError).toBe(true);
    const nested = { name: "check_command_exists", arguments: { command: 5 } };
    const through = await system.host.tools.call("call_tool_readonly", nested, context);
    expect(JSON.stringify(through)).toContain("command");
    expect(through.isError).toBe(true);
  });

  it("logs which call ended and how, and nothing of what was said", async () => {
    const lines: object[] = [];
    const logger = {
      ...silentLogger,
      debug: (message: string, fields?: LogFields) => lines.push({ message, ...fields }),
    };
    const call = (args: JsonObject): Promise<unknown> =>
      system.toolbox.call("check_command_exists", args, { ...context, logger });
    await call({ command: "sh" });
    await call({ command: 5 });
    const [message, tool] = ["a call ended", "check_command_exists"];
    expect(lines).toEqual([
      { message, tool, outcome: "answered" },
      { message, tool, outcome: "tool error" },
    ]);
  });

  it("tells how it is, through its own tool", async () => {
    const { structuredContent } = await system.toolbox.call("server_status", {}, context);
    expect(structuredContent).toMatchObject({
      sources: [
        { name: "builtin", state: { kind: "ready" } },
        { name: "state" },
        { name: "agents", state: { kind: "ready" } },
      ],
    });
  });

  it("can be closed twice", async () => {
    await system[Symbol.asyncDispose]();
    await expect(system[Symbol.asyncDispose]()).resolves.toBeUndefined();
    await expect(system.toolbox.call("server_status", {}, context)).rejects.toMatchObject({
      code: "ERR_TOOLBOX_CLOSED",
    });
  });

  it("keeps the order of its middleware", () => {
    const order = Object.entries(defaultPriority).toSorted(([, left], [, right]) => left - right);
    expect(order.map(([name]) => name)).toEqual([
      "validateInput",
      "requireApproval",
      "limitRate",
      "limitConcurrency",
      "limitResult",
      "cacheResult",
      "breakCircuit",
      "timeout",
      "validateOutput",
    ]);
  });
});
