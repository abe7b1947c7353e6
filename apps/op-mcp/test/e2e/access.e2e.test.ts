import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

const configFile = "config/op-mcp/config.json";
const erase = { name: "erase_disk", arguments: { device: "sdb" } };
const rename = { name: "rename_disk", arguments: { device: "sda", label: "root" } };
const countRuns = { name: "count_runs", arguments: {} };

async function install(policy: object): Promise<Installation> {
  const installation = await Installation.create({ OP_MCP_PLUGINS__MODULES: pluginPath("risky") });
  await installation.write(configFile, JSON.stringify({ policy }));
  expect((await installation.run(["tools"])).code).toBe(0);
  return installation;
}

const nobodyIsAdmin = { roles: { admin: { principals: [] } } };

describe.each(eras)("in %s", (name, era) => {
  verifies("access.denied", `for a reader who would write, ${name}`, async () => {
    await using installation = await install(nobodyIsAdmin);
    await using connected = await connect(installation, { era });
    const { client } = connected;
    expect((await client.callTool(countRuns)).isError).not.toBe(true);
    const denied = await client.callTool(rename);
    expect(denied.isError).toBe(true);
    const text = textOf(denied);
    expect(text).toContain("ERR_POLICY_DENIED");
    // The rule that would allow it, to be put into the configuration.
    expect(text).toContain("effect: allow");
    expect(text).toContain("rename_disk");
  });

  verifies("access.dry-run", `for a tool that can show it, ${name}`, async () => {
    const rules = [{ name: "only-show", effect: "dry-run", tools: ["rename_disk", "erase_disk"] }];
    await using installation = await install({ rules });
    await using connected = await connect(installation, { era });
    expect(textOf(await connected.client.callTool(rename))).toContain("sda would be root");
    const impossible = textOf(await connected.client.callTool(erase));
    expect(impossible).toContain("ERR_PREVIEW_UNAVAILABLE");
    expect(textOf(await connected.client.callTool(countRuns))).toContain("runs: 0");
  });

  verifies("access.code", `which works once, ${name}`, async () => {
    await using installation = await install({});
    await using connected = await connect(installation, { era });
    const { client } = connected;
    const refused = textOf(await client.callTool(erase));
    const [, code = ""] = /op-mcp approve ([^`\s]+)`/.exec(refused) ?? [];
    expect((await installation.run(["approve"])).stdout).toContain("erase_disk");
    const wrong = await installation.run(["approve", "--yes", "AAAA-AAAA-AAAA"]);
    expect(wrong.stderr).toContain("No call waits");
    const approved = await installation.run(["approve", "--yes", code]);
    expect(approved).toMatchObject({ code: 0, stderr: "" });
    // Another call than the one that was approved.
    const other = { name: "erase_disk", arguments: { device: "sdc" } };
    expect(textOf(await client.callTool(other))).toContain("ERR_APPROVAL_CODE");
    expect(textOf(await client.callTool(erase))).toContain("erased sdb");
    expect(textOf(await client.callTool(erase))).toContain("ERR_APPROVAL_CODE");
    const { stdout } = await installation.run(["audit", "query", "--event", "approval-given"]);
    expect(stdout).toContain("erase_disk");
  });
});

verifies("access.live", "while a client is connected", async () => {
  await using installation = await install({});
  await using connected = await connect(installation, { era: "legacy" });
  const { client } = connected;
  expect(textOf(await client.callTool(rename))).toContain("sda is now root");
  const rules = [{ name: "frozen", effect: "deny", tools: ["rename_*"] }];
  await installation.write(configFile, JSON.stringify({ policy: { rules } }));
  await expect
    .poll(async () => textOf(await client.callTool(rename)), { timeout: 10_000 })
    .toContain("frozen");
  // Half a rule is none: the whole policy is refused, and the old one stays.
  const broken = { rules: [{ name: "x", effect: "allow", principals: ["client:any"] }] };
  await installation.write(configFile, JSON.stringify({ policy: broken }));
  const audit = async () => (await installation.run(["audit", "query", "--json"])).stdout;
  await expect.poll(audit, { timeout: 10_000 }).toContain("configuration-changed");
  expect(textOf(await client.callTool(rename))).toContain("frozen");
});

verifies("access.limits", "of a session", async () => {
  const limits = { sessionCalls: 3 };
  await using installation = await install({ limits });
  await using connected = await connect(installation, { era: "legacy" });
  const texts: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    texts.push(textOf(await connected.client.callTool(countRuns)));
  }
  expect(texts[2]).toContain("runs: 0");
  expect(texts[3]).toContain("ERR_LIMIT_EXCEEDED");
  expect(texts[3]).toContain("limits.sessionCalls");
});

verifies("audit.secrets", "in arguments, results, errors, the environment, the log", async () => {
  const secret = "xK9-planted-7Qz";
  await using installation = await install({});
  const file = join(installation.home, "op-mcp.log");
  Object.assign(installation.env, {
    PLANTED_TOKEN: secret,
    OP_MCP_LOG__LEVEL: "debug",
    OP_MCP_LOG__FILE: file,
  });
  await using connected = await connect(installation, { era: "legacy" });
  const { client } = connected;
  const url = `https://user:${secret}@example.org/`;
  const labels = { device: url, label: "x", password: secret };
  await client.callTool({ name: "rename_disk", arguments: labels });
  const unknown = { name: "no_such_tool", arguments: { token: secret } };
  await expect(client.callTool(unknown)).rejects.toThrow("no_such_tool");
  await client.callTool({ name: "erase_disk", arguments: { device: `Bearer ${secret}` } });
  await client.callTool({ name: "repeat_text", arguments: { text: url } });
  const failed = await client.callTool({
    name: "repeat_text",
    arguments: { text: url, fail: true },
  });
  expect(textOf(failed)).toContain("ERR_INTERNAL");
  expect(textOf(failed)).not.toContain(secret);
  await client.close();
  for (const args of [["audit", "export"], ["audit", "query"], ["config", "show"], ["doctor"]]) {
    const { stdout, stderr } = await installation.run(args);
    expect(stdout + stderr, args.join(" ")).not.toContain(secret);
  }
  const log = await readFile(file, "utf8");
  expect(log).toContain("a tool failed unexpectedly");
  expect(log).not.toContain(secret);
  const { stdout: audit } = await installation.run(["audit", "query", "--json"]);
  expect(audit).toContain("repeat_text");
});

verifies("access.cli", "each command once", async () => {
  const rules = [{ name: "labels-stay", effect: "deny", tools: ["rename_disk", "no_such_tool"] }];
  await using installation = await install({ rules });
  const check = await installation.run(["policy", "check"]);
  expect(check.stdout).toContain("no_such_tool");
  expect(check.code).toBe(0);
  const broken = await installation.write("p.yaml", "rules:\n  - name: a\n    effect: perhaps\n");
  const refused = await installation.run(["policy", "check", broken]);
  expect(refused.stdout).toContain("p.yaml:3");
  expect(refused.code).toBe(78);
  const explain = await installation.run([
    "policy",
    "explain",
    "rename_disk",
    "--as",
    "oauth:sub=a",
  ]);
  expect(explain.stdout).toMatch(/^deny: .*labels-stay/);
  const table = await installation.write(
    "examples.yaml",
    "- { as: unix:uid=4711, tool: count_runs, expect: allow }\n- { as: unix:uid=4711, tool: erase_disk, expect: allow }\n",
  );
  const tried = await installation.run(["policy", "test", table]);
  expect(tried.stdout).toMatch(/not ok: .*erase_disk/);
  expect(tried.stdout).toContain("1 as expected, 1 not");
  expect(tried.code).toBe(1);
});
