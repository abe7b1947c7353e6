import { describe, expect } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

const erase = { name: "erase_disk", arguments: { device: "/dev/sdz" } };
const throughCallTool = { name: "call_tool", arguments: erase };
const countRuns = { name: "count_runs", arguments: {} };

/** With the risky plugin known from an earlier run. */
async function risky(env: Record<string, string> = {}): Promise<Installation> {
  const installation = await Installation.create({
    OP_MCP_PLUGINS__MODULES: pluginPath("risky"),
    ...env,
  });
  expect((await installation.run(["tools"])).code).toBe(0);
  return installation;
}

describe.each(eras)("a destructive tool, in %s", (name, era) => {
  for (const call of [erase, throughCallTool]) {
    verifies("approval.asked", `${call.name} runs when the person agrees, ${name}`, async () => {
      await using installation = await risky();
      const asked: string[] = [];
      await using connected = await connect(installation, {
        era,
        person: (message) => {
          asked.push(message);
          return "accept";
        },
      });
      expect(textOf(await connected.client.callTool(call))).toContain("erased /dev/sdz");
      expect(asked).toEqual([
        'May the tool "erase_disk" of "risky" run? Its risk: destructive.\ndevice: "/dev/sdz"',
      ]);
      expect(textOf(await connected.client.callTool(countRuns))).toContain("runs: 1");
    });

    verifies("approval.asked", `${call.name} is refused when they decline, ${name}`, async () => {
      await using installation = await risky();
      await using connected = await connect(installation, { era, person: () => "decline" });
      const result = await connected.client.callTool(call);
      expect(result.isError).toBe(true);
      expect(textOf(result)).toContain("ERR_APPROVAL_DECLINED");
      expect(textOf(await connected.client.callTool(countRuns))).toContain("runs: 0");
    });
  }

  verifies("approval.asked", `not before the arguments are right, ${name}`, async () => {
    await using installation = await risky();
    await using connected = await connect(installation, {
      era,
      person: () => expect.unreachable("nothing needs an answer"),
    });
    const result = await connected.client.callTool({ name: "erase_disk", arguments: {} });
    expect(textOf(result)).toContain("device: is required and missing");
  });

  verifies("approval.unavailable", `for a client that cannot ask, ${name}`, async () => {
    await using installation = await risky();
    await using connected = await connect(installation, { era });
    const result = await connected.client.callTool(erase);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("ERR_APPROVAL_CODE");
    expect(textOf(result)).toContain("op-mcp approve");
    expect(textOf(await connected.client.callTool(countRuns))).toContain("runs: 0");
  });

  verifies("approval.unavailable", `but allowed by the configuration, ${name}`, async () => {
    await using installation = await risky();
    const permissions = { destructive: "allow" };
    const config = { policy: { roles: { admin: { permissions } } } };
    await installation.write("config/op-mcp/config.json", JSON.stringify(config));
    await using connected = await connect(installation, { era });
    expect(textOf(await connected.client.callTool(erase))).toContain("erased /dev/sdz");
  });
});
