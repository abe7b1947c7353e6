import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable, Writable } from "node:stream";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect } from "vitest";
import { connect, parametersOf, textOf } from "./clients.ts";
import { binary, Installation } from "./installation.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";
import { Wire } from "./wire.ts";

const noisy = (): Promise<Installation> =>
  Installation.create({
    OP_MCP_PLUGINS__MODULES: pluginPath("noisy"),
    OP_MCP_DISCLOSURE__MODE: "direct",
  });

describe("op-mcp on standard streams, used by real clients", () => {
  verifies("stdio.handshake", "with the v2 client", async () => {
    await using installation = await Installation.create();
    await using connected = await connect(installation, { era: "legacy" });
    const { client } = connected;
    expect(client.getServerVersion()?.name).toBe("op-mcp");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("get_system_info");
    const result = await client.callTool({ name: "get_system_info", arguments: {} });
    expect(textOf(result)).toContain("kernel");
  });

  verifies("stdio.stateless", "with the v2 client", async () => {
    await using installation = await Installation.create();
    await using connected = await connect(installation, { era: { pin: "2026-07-28" } });
    const { client } = connected;
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(3);
    const result = await client.callTool({
      name: "check_command_exists",
      arguments: { command: "sh" },
    });
    expect(textOf(result)).toContain("/sh");
    const wrong = await client.callTool({
      name: "check_command_exists",
      arguments: { comand: "sh" },
    });
    expect(wrong.isError).toBe(true);
    expect(textOf(wrong)).toContain("command");
  });

  verifies("stdio.handshake", "started with flags", async () => {
    await using installation = await Installation.create();
    const wire = new Wire(installation.spawn("--mode", "search", "--log-level", "debug"));
    await wire.initialize();
    const listed = textOf(await wire.ask("tools/list"));
    expect(listed).toContain("server_status");
    expect(listed).not.toContain("get_system_info");
  });

  verifies("stdio.v1-client", "lists and calls", async () => {
    await using installation = await Installation.create();
    const client = new Client({ name: "v1", version: "1" });
    await client.connect(new StdioClientTransport(parametersOf(installation)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("server_status");
    expect(textOf(await client.callTool({ name: "server_status", arguments: {} }))).toContain(
      "uptime",
    );
    await client.close();
  });
});

describe("op-mcp on standard streams, whatever happens", () => {
  verifies("stdio.stdout-is-protocol", "with a plugin that prints", async () => {
    await using installation = await noisy();
    const wire = new Wire(installation.spawn());
    await wire.initialize();
    await expect.poll(async () => textOf(await wire.ask("tools/list"))).toContain("shout");
    expect(textOf(await wire.ask("tools/call", { name: "shout", arguments: {} }))).toContain(
      "shouted",
    );
    expect(wire.stderr).toContain("calling prints");
    expect(wire.received.every((message) => message["jsonrpc"] === "2.0")).toBe(true);
  });

  verifies("stdio.malformed", "with lines that are no messages", async () => {
    await using installation = await Installation.create();
    const wire = new Wire(installation.spawn());
    wire.write('{"jsonrpc":"2.0","id":1,\n[]\n"x"\n');
    await wire.initialize();
    expect(wire.received.filter((message) => "error" in message)).toHaveLength(3);
    expect(wire.received.at(-1)).toHaveProperty("result.serverInfo.name", "op-mcp");
  });

  verifies("stdio.leaves-on-eof", "after a request in the same breath", async () => {
    await using installation = await Installation.create();
    const request = {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "x", version: "1" },
      },
    };
    const list = {
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "get_system_info", arguments: {} },
    };
    const run = await installation.run([], `${JSON.stringify(request)}\n${JSON.stringify(list)}\n`);
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(run.stdout.trim().split("\n")).toHaveLength(2);
  });

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    verifies("stdio.leaves-on-signal", `${signal} with a call in flight`, async () => {
      await using installation = await noisy();
      const child = installation.spawn();
      const wire = new Wire(child);
      await wire.initialize();
      await expect.poll(async () => textOf(await wire.ask("tools/list"))).toContain("hang");
      void wire.ask("tools/call", { name: "hang", arguments: {} });
      await wire.ask("ping");
      const began = performance.now();
      child.kill(signal);
      const { code } = await wire.exited;
      expect(code).toBe(signal === "SIGTERM" ? 143 : 129);
      expect(performance.now() - began).toBeLessThan(3000);
    });
  }

  verifies("stdio.leaves-on-epipe", "when its output is closed", async () => {
    await using installation = await Installation.create();
    const child = installation.spawn();
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.stdin.on("error", () => undefined);
    child.stdout.destroy();
    for (let id = 0; id < 3; id += 1)
      child.stdin.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`);
    await exited;
  });

  verifies("stdio.leaves-when-orphaned", "when the one who spawned it is killed", async () => {
    await using installation = await Installation.create();
    // The middle process gives op-mcp our ends of two pipes, so that its stdin and stdout survive the parent.
    const script = `
      const child = require("node:child_process").spawn(process.execPath, [${JSON.stringify(binary)}], { stdio: [3, 4, "ignore"] });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const middle = spawn(process.execPath, ["-e", script], {
      env: installation.env,
      stdio: ["ignore", "pipe", "inherit", "pipe", "pipe"],
    });
    const [, said, , input, output] = middle.stdio;
    if (said === null || !(input instanceof Writable) || !(output instanceof Readable))
      expect.unreachable();
    input.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    const [[pid]] = await Promise.all([once(said, "data"), once(output, "data")]);
    const isAlive = (): boolean => {
      try {
        return process.kill(Number(pid), 0);
      } catch {
        return false;
      }
    };
    expect(isAlive()).toBe(true);
    middle.kill("SIGKILL");
    await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
  });
});
