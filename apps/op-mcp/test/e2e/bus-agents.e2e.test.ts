import { describe, expect, vi } from "vitest";
import { openBusConnection } from "op-dbus";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { openPrivateBus } from "./private-bus.ts";
import { verifies } from "./verifies.ts";

const executorName = "org.dbusmcp.Agent.Executor";

async function install(address: string, config: object): Promise<Installation> {
  const installation = await Installation.create({
    MCP_AGENT_DISCOVERY: "true",
    DBUS_SESSION_BUS_ADDRESS: address,
    OP_MCP_DISCLOSURE__MODE: "direct",
  });
  await installation.write("config/op-mcp/config.json", JSON.stringify(config));
  return installation;
}

async function hasOwner(address: string, name: string): Promise<boolean> {
  await using bus = await openBusConnection({ address });
  const driver = "org.freedesktop.DBus";
  const path = "/org/freedesktop/DBus";
  const member = "NameHasOwner";
  const asked = { destination: driver, path, interface: driver, member, signature: "s" };
  return (await bus.call({ ...asked, body: [name] })).body[0] === true;
}

const operation = (name: string) => ({
  name,
  inputSchema: { type: "object" },
  risk: "read",
});

/** What drives on a bus what another op-mcp shows there. */
const driving = {
  agents: {
    executor: { isEnabled: false },
    dbus: {
      types: [
        { type: "other", name: executorName, operations: [operation("execute_command")] },
        { type: "file", operations: [operation("read_file"), operation("stat_file")] },
      ],
    },
    file: { isEnabled: false },
  },
};

const call = (name: string, args: object) => ({ name, arguments: { ...args } });
const run = (...argv: readonly string[]) => call("other_execute_command", { argv });

describe.each(eras)("agents on a bus, in %s,", (name, era) => {
  verifies("agents.bus", name, async () => {
    using bus = await openPrivateBus();
    const { address } = bus;
    await using theirs = await install(address, {
      agents: { dbus: { expose: ["executor", "file"] } },
      policy: { rules: [{ name: "no files", effect: "deny", tools: ["read_file"] }] },
    });
    await using ours = await install(address, driving);
    {
      await using _shown = await connect(theirs, { era });
      await vi.waitFor(async () => expect(await hasOwner(address, executorName)).toBe(true), {
        timeout: 20_000,
        interval: 200,
      });
      await using connected = await connect(ours, { era });
      const { client } = connected;
      const greeted = await client.callTool(run("echo", "over the bus"));
      expect(greeted.structuredContent).toMatchObject({ stdout: "over the bus\n", exitCode: 0 });
      const refused = await client.callTool(run("rm", "-rf", "/"));
      expect(refused.isError).toBe(true);
      expect(textOf(refused)).toContain("the command is not allowed");
      const denied = await client.callTool(call("file_read_file", { path: "/tmp/x" }));
      expect(textOf(denied)).toContain("ERR_POLICY_DENIED");
      const wrong = await client.callTool(call("file_stat_file", { path: 7 }));
      expect(textOf(wrong)).toContain("ERR_TOOL_INPUT_INVALID");
    }
    expect(await hasOwner(address, executorName)).toBe(false);
    const { stdout } = await theirs.run(["audit", "query", "--json"]);
    const entries = stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
    const principal = `unix:uid=${process.getuid?.()}`;
    const worked = { tool: "execute_command", outcome: "ok", agent: "executor-1", principal };
    const kept = [
      worked,
      { tool: "execute_command", outcome: "refused", errorCode: "ERR_COMMAND_REFUSED" },
      { tool: "read_file", outcome: "refused", errorCode: "ERR_POLICY_DENIED" },
    ];
    expect(entries).toEqual(
      expect.arrayContaining(kept.map((entry): unknown => expect.objectContaining(entry))),
    );
  });
});

describe("agents on a bus", () => {
  verifies("agents.bus", "nothing is shown unless it is asked for", async () => {
    using bus = await openPrivateBus();
    await using theirs = await install(bus.address, {});
    await using connected = await connect(theirs, { era: "legacy" });
    await connected.client.callTool(call("execute_command", { argv: ["pwd"] }));
    expect(await hasOwner(bus.address, executorName)).toBe(false);
  });

  verifies(
    "agents.bus",
    "those that may be are found, and offered while they are there",
    async () => {
      using bus = await openPrivateBus();
      const { address } = bus;
      await using theirs = await install(address, {
        agents: { dbus: { expose: ["executor", "file"] } },
      });
      const find = { names: [executorName], leastRisk: "read" };
      await using ours = await install(address, {
        agents: { executor: { isEnabled: false }, file: { isEnabled: false }, dbus: { find } },
      });
      await using connected = await connect(ours, { era: "legacy" });
      const { client } = connected;
      const names = async () => (await client.listTools()).tools.map(({ name }) => name);
      const isListed = async (is: boolean) =>
        await vi.waitFor(
          async () => expect((await names()).includes("executor_execute_command")).toBe(is),
          { timeout: 20_000, interval: 200 },
        );
      await isListed(false);
      {
        await using _shown = await connect(theirs, { era: "legacy" });
        await isListed(true);
        const found = await client.callTool(
          call("executor_execute_command", { argv: ["echo", "hi"] }),
        );
        expect(found.structuredContent, textOf(found)).toMatchObject({ stdout: "hi\n" });
        // It is on the bus too, and nobody said that it may be asked.
        expect(await names()).not.toContain("file_read_file");
        const listed = await client.callTool(call("list_agents", {}));
        expect(JSON.stringify(listed.structuredContent)).toContain("executor_execute_command");
      }
      await isListed(false);
    },
  );

  verifies("agents.bus", "one that is not there is missed by its callers alone", async () => {
    using bus = await openPrivateBus();
    await using ours = await install(bus.address, driving);
    await using connected = await connect(ours, { era: "legacy" });
    await connected.client.listTools();
    const missing = await connected.client.callTool(run("pwd"));
    expect(missing.isError).toBe(true);
    expect(textOf(missing)).toContain("ERR_AGENT_UNAVAILABLE");
    const here = await connected.client.callTool(call("get_system_status", {}));
    expect(here.isError, textOf(here)).not.toBe(true);
  });
});
