import { stripVTControlCharacters } from "node:util";
import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, vi } from "vitest";
import { TerminalRun } from "./terminal-run.ts";
import { connect, eras, textOf } from "./clients.ts";
import { descendantsOf, waitUntilGone } from "./descendants.ts";
import { Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";

const run = (argv: readonly string[], more: object = {}) => ({
  name: "execute_command",
  arguments: { argv, ...more },
});

const install = async () =>
  await Installation.create({ MCP_AGENT_DISCOVERY: "true", OP_MCP_DISCLOSURE__MODE: "direct" });

interface Shape {
  readonly structuredContent?: unknown;
}

const dataOf = async (client: Client, name: string, args: object = {}): Promise<unknown> => {
  const result: Shape = await client.callTool({ name, arguments: { ...args } });
  return result.structuredContent;
};

describe.each(eras)("agents, in %s,", (name, era) => {
  verifies("agents.commands", name, async () => {
    await using installation = await install();
    await using connected = await connect(installation, { era });
    const { client } = connected;
    const { tools } = await client.listTools();
    expect(tools.find((tool) => tool.name === "execute_command")).toMatchObject({
      annotations: { readOnlyHint: true, openWorldHint: false },
      inputSchema: { required: ["argv"] },
    });
    const messages: unknown[] = [];
    const greeted = await client.callTool(run(["echo", "hello", "agent"]));
    expect(greeted.structuredContent).toMatchObject({ stdout: "hello agent\n", exitCode: 0 });
    // What comes together with the answer, a client may take for late: this says something seconds before.
    await client.callTool(run(["top", "-b", "-n", "2"]), {
      onprogress: ({ message }) => void messages.push(message),
    });
    expect(messages.join("")).toContain("load average");
    const refused = await client.callTool(run(["rm", "-rf", "/"]));
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toContain("the command is not allowed");
    const agents = [{ agent: "executor-1", isolation: "full", state: "running" }];
    expect(await dataOf(client, "agent_status", { type: "executor" })).toMatchObject({ agents });
  });

  verifies("agents.tasks", name, async () => {
    await using installation = await install();
    await using connected = await connect(installation, { era });
    const { client } = connected;
    const distribute = async (argv: readonly string[]) =>
      await dataOf(client, "distribute_task", {
        type: "executor",
        operation: "execute_command",
        input: { argv },
        project: "look around",
      });
    const given = await distribute(["uptime"]);
    expect(given).toMatchObject({ type: "executor", project: "look around" });
    const wrong = await client.callTool({
      name: "distribute_task",
      arguments: { type: "executor", operation: "execute_command", input: { words: [] } },
    });
    expect(textOf(wrong)).toContain("ERR_TOOL_INPUT_INVALID");
    await vi.waitFor(async () => {
      const project = await dataOf(client, "get_project_status", { project: "look around" });
      expect(project).toMatchObject({ projects: [{ isOver: true, total: 1, done: 1 }] });
    });
    const listed = await dataOf(client, "task_status");
    expect(listed).toMatchObject({ tasks: [{ status: "done", agent: "executor-1" }] });
  });

  verifies("agents.listed", name, async () => {
    await using installation = await Installation.create({ MCP_AGENT_DISCOVERY: "true" });
    await using connected = await connect(installation, { era });
    const { tools } = await connected.client.listTools();
    const names = tools.map((tool) => tool.name);
    expect(names.slice(0, 3)).toEqual(["execute_command", "read_file", "get_system_status"]);
    expect(names).toContain("search_tools");
    expect(names).not.toContain("list_routes");
  });

  verifies("agents.lazy", name, async () => {
    await using installation = await install();
    await using connected = await connect(installation, { era });
    const { client, pid } = connected;
    await client.listTools();
    await client.callTool({ name: "list_agents", arguments: {} });
    expect(descendantsOf(pid)).toEqual([]);
    await client.callTool(run(["pwd"]));
    expect(descendantsOf(pid).length).toBeGreaterThan(2);
  });
});

verifies("agents.audit", "of a call and of a distributed task", async () => {
  await using installation = await install();
  {
    await using connected = await connect(installation, { era: "legacy" });
    const { client } = connected;
    await client.callTool(run(["pwd"]));
    const task = { type: "executor", operation: "execute_command", input: { argv: ["date"] } };
    await client.callTool({ name: "distribute_task", arguments: task });
    await client.callTool(run(["rm", "-rf", "/"]));
    await vi.waitFor(async () => {
      const shown = await dataOf(client, "task_status", { status: "done" });
      expect(shown).toMatchObject({ tasks: [{}, {}] });
    });
  }
  const { stdout } = await installation.run(["audit", "query", "--json"]);
  const entries: unknown[] = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
  const worker = { agent: "executor-1", backend: "native", outcome: "ok" };
  const refused = { outcome: "refused", errorCode: "ERR_COMMAND_REFUSED" };
  expect(entries).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ tool: "execute_command", ...worker }),
      expect.objectContaining({ tool: "execute_command", via: "distribute_task", ...worker }),
      expect.objectContaining({ tool: "execute_command", ...refused }),
      expect.not.objectContaining({ tool: "task_status", agent: expect.anything() }),
    ]),
  );
});

describe("nothing is left", () => {
  verifies("agents.nothing-left", "when the client leaves", async () => {
    await using installation = await install();
    const connected = await connect(installation, { era: "legacy" });
    await connected.client.callTool(run(["pwd"]));
    const family = descendantsOf(connected.pid);
    await connected[Symbol.asyncDispose]();
    await waitUntilGone([connected.pid, ...family]);
  });

  verifies(
    "agents.nothing-left",
    "when the server is killed with a command in flight",
    async () => {
      await using installation = await install();
      await using connected = await connect(installation, { era: "legacy" });
      const { client, pid } = connected;
      await client.callTool(run(["pwd"]));
      const following = client.callTool(run(["top", "-b", "-n", "5"], { cwd: "/tmp" }));
      following.catch(() => undefined);
      const family = descendantsOf(pid);
      expect(family.length).toBeGreaterThan(2);
      process.kill(pid, "SIGKILL");
      await waitUntilGone([pid, ...family]);
    },
  );
});

describe("the command line", () => {
  verifies("agents.cli", "a task of its own", async () => {
    await using installation = await install();
    const listed = await installation.run(["agents", "list"]);
    expect(listed.stdout).toMatch(/^executor .*execute_command/m);
    const input = JSON.stringify({ argv: ["df", "-h"] });
    const ran = await installation.run(["agents", "run", "executor", "execute_command", input]);
    expect(ran.stderr).toContain("Filesystem");
    expect(JSON.parse(ran.stdout)).toMatchObject({ exitCode: 0 });
    const wrong = await installation.run(["agents", "run", "executor", "fly"]);
    expect(wrong).toMatchObject({ code: 64, stdout: "" });
    expect(wrong.stderr).toContain("They do: execute_command");
    const logs = await installation.run(["agents", "logs", "executor-1"]);
    expect(logs.stdout).toContain("It is running");
    expect((await installation.run(["agents", "logs", "nobody-1"])).stdout).toBe("");
  });

  verifies("agents.cli", "a server that runs, also after it was killed", async () => {
    await using installation = await install();
    await using connected = await connect(installation, { era: "legacy" });
    await connected.client.callTool(run(["pwd"]));
    const status = async (): Promise<unknown> =>
      JSON.parse((await installation.run(["agents", "status", "--json"])).stdout);
    await vi.waitFor(
      async () => {
        const executor = { agent: "executor-1", state: "running", isolation: "full", tasksDone: 1 };
        const agents: unknown = expect.arrayContaining([expect.objectContaining(executor)]);
        expect(await status()).toMatchObject([{ pid: connected.pid, agents }]);
      },
      { timeout: 20_000, interval: 500 },
    );
    const table = await installation.run(["agents", "status"]);
    expect(table.stdout).toMatch(/^SERVER +AGENT +STATE/);
    expect(table.stdout).toContain("executor-1");
    process.kill(connected.pid, "SIGKILL");
    await waitUntilGone([connected.pid]);
    expect(await status()).toEqual([]);
  });

  verifies("agents.cli", "a table that is kept up on a terminal of any size", async () => {
    await using installation = await install();
    await using connected = await connect(installation, { era: "legacy" });
    await connected.client.callTool(run(["pwd"]));
    await connected.client.callTool({ name: "get_system_status", arguments: {} });
    using terminal = new TerminalRun(installation, ["agents", "status"]);
    const frames = () => terminal.text.split("\u001B[H").slice(1);
    /** What a person reads in the frame that was drawn last and whole. */
    const lines = () =>
      stripVTControlCharacters(frames().at(-2) ?? "")
        .trimEnd()
        .split(/\r?\n/u);
    const waiting = { timeout: 20_000, interval: 200 };
    await vi.waitFor(
      () => expect(lines().join("\n")).toMatch(/executor-1.*\n.*monitor-1/u),
      waiting,
    );
    expect(terminal.text.startsWith("\u001B[?1049h\u001B[?25l\u001B[?7l")).toBe(true);
    await terminal.resize(2, 60);
    await vi.waitFor(() => expect(lines().at(-1)).toBe("… 2 more"), waiting);
    expect(lines()[0]).toMatch(/^SERVER +AGENT/u);
    await terminal.resize(24, 120);
    await vi.waitFor(() => expect(lines()).toHaveLength(3), waiting);
    terminal.type("\u0003");
    expect(await terminal.end()).toBe(130);
    const [, after = ""] = terminal.text.split("\u001B[?7h\u001B[?25h\u001B[?1049l");
    expect(stripVTControlCharacters(after)).toMatch(/^SERVER +AGENT[^]*executor-1[^]*monitor-1/u);
    const piped = await installation.run(["agents", "status"]);
    expect(piped.stdout).toBe(stripVTControlCharacters(piped.stdout));
  });
});
