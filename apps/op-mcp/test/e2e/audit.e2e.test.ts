import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { connect, eras, textOf, type ConnectOptions } from "./clients.ts";
import { Installation } from "./installation.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

/** An operator who may read and, when asked, erase; renaming is denied by a rule. */
const policy = {
  rules: [{ name: "labels-stay", effect: "deny", tools: ["rename_disk"] }],
};

async function install(config: object = { policy }): Promise<Installation> {
  const installation = await Installation.create({ OP_MCP_PLUGINS__MODULES: pluginPath("risky") });
  await installation.write("config/op-mcp/config.json", JSON.stringify(config));
  expect((await installation.run(["tools"])).code).toBe(0);
  return installation;
}

const erase = (device: string) => ({ name: "erase_disk", arguments: { device } });

/** One session: an allowed read, a denied write, an approved call, a declined one. */
async function work(installation: Installation, era: ConnectOptions["era"]): Promise<void> {
  const answers = ["accept", "decline"] as const;
  let asked = 0;
  await using connected = await connect(installation, {
    era,
    person: () => answers[asked++] ?? "decline",
  });
  const { client } = connected;
  expect((await client.callTool({ name: "count_runs", arguments: {} })).isError).not.toBe(true);
  const rename = { name: "rename_disk", arguments: { device: "sda", label: "hunter2-label" } };
  const denied = textOf(await client.callTool(rename));
  expect(denied).toContain("ERR_POLICY_DENIED");
  expect(denied).toContain("labels-stay");
  expect(textOf(await client.callTool(erase("sdb")))).toContain("erased sdb");
  expect(textOf(await client.callTool(erase("sdc")))).toContain("ERR_APPROVAL_DECLINED");
}

interface Line {
  readonly log: string;
  readonly seq: number;
  readonly kind: string;
  readonly [field: string]: unknown;
}

async function query(installation: Installation, ...flags: readonly string[]): Promise<Line[]> {
  const { stdout, stderr } = await installation.run(["audit", "query", "--json", ...flags]);
  expect(stderr).toBe("");
  const lines: Line[] = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  return lines.toReversed();
}

describe.each(eras)("what a client did, in %s,", (name, era) => {
  verifies("audit.calls", `is told by five entries, ${name}`, async () => {
    await using installation = await install();
    await work(installation, era);
    const calls = (await query(installation)).filter(({ kind }) => kind.startsWith("call"));
    expect(calls).toMatchObject([
      { kind: "call-ended", tool: "count_runs", outcome: "ok", decision: { verdict: "allow" } },
      {
        kind: "call-ended",
        tool: "rename_disk",
        outcome: "refused",
        errorCode: "ERR_POLICY_DENIED",
        decision: { verdict: "deny", rule: "labels-stay" },
      },
      { kind: "call-began", tool: "erase_disk", decision: { verdict: "ask", rule: "role:admin" } },
      { kind: "call-ended", tool: "erase_disk", outcome: "ok", risk: "destructive" },
      { kind: "call-ended", tool: "erase_disk", outcome: "refused" },
    ]);
    const verified = await installation.run(["audit", "verify"]);
    expect(verified.stdout).toContain("intact");
    expect(verified.code).toBe(0);
    for (const { log, seq } of calls) {
      const { stdout: proof } = await installation.run(["audit", "prove", `${log}:${seq}`]);
      const file = await installation.write("proof.json", proof);
      const checked = await installation.run(["audit", "check", file]);
      expect(checked.stdout).toContain("Proved");
      expect(checked.code).toBe(0);
    }
  });
});

verifies("audit.events", "with who answered", async () => {
  await using installation = await install();
  await work(installation, "legacy");
  const events = (await query(installation)).filter(({ kind }) => kind === "event");
  const own = events.map(({ event }) => event).filter((event) => !String(event).startsWith("log-"));
  expect(own).toEqual(["started", "approval-given", "approval-declined", "stopped"]);
});

verifies("audit.tampering", "one changed byte, and a removed end", async () => {
  await using installation = await install();
  await work(installation, "legacy");
  const directory = join(installation.home, "state", "op-mcp", "audit", "1");
  const name = (await readdir(directory)).find((each) => /^audit-\d+\.jsonl$/.test(each)) ?? "";
  const file = join(directory, name);
  const before = await readFile(file, "utf8");
  await writeFile(file, before.replace('"device":"sdb"', '"device":"sdx"'));
  const changed = await installation.run(["audit", "verify"]);
  expect(changed.code).toBe(1);
  expect(changed.stdout).toMatch(/NOT INTACT[\s\S]*modified at entry \d+/);
  await writeFile(file, before.split("\n").slice(0, 4).join("\n") + "\n");
  const cut = await installation.run(["audit", "verify"]);
  expect(cut.code).toBe(1);
  expect(cut.stdout).toMatch(/truncated/);
});

verifies("audit.resource", "for the user op-mcp runs as", async () => {
  await using installation = await install();
  await using connected = await connect(installation, { era: "legacy" });
  const { client } = connected;
  await client.callTool({ name: "count_runs", arguments: {} });
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain("audit://recent");
  const all = textOf(await client.readResource({ uri: "audit://recent" }));
  expect(all).toContain("count_runs");
  const few = await client.readResource({ uri: "audit://entries?tool=count_runs&limit=1" });
  expect(textOf(few)).toContain("count_runs");
  const none = await client.readResource({ uri: "audit://entries?outcome=never" });
  expect(none.contents).toMatchObject([{ text: "" }]);
});

verifies("audit.cli", "each command once", async () => {
  await using installation = await install();
  await work(installation, "legacy");
  const run = async (...args: readonly string[]) =>
    (await installation.run(["audit", ...args])).stdout;
  expect(await run("query", "--outcome", "refused")).toContain("ERR_POLICY_DENIED");
  expect(await run("query", "--tool", "erase_disk", "--risk", "destructive")).toContain("sdb");
  expect(await run("query", "sdc")).toContain("ERR_APPROVAL_DECLINED");
  expect(await run("query", "--until", "1h")).toContain("No entry fits");
  expect(await run("tail", "-n", "1")).toContain("log-closed");
  expect(await run("stats")).toMatch(/\d+\s+erase_disk/);
  expect((await run("export", "--format", "csv")).split("\n").length).toBeGreaterThan(8);
  expect(await run("export", "--format", "cef")).toContain("CEF:0");
  expect(await run("key")).toContain("/op-mcp/audit+");
  const wrong = await installation.run(["audit", "qeury"]);
  expect(wrong.code).toBe(64);
  expect(wrong.stderr).toContain("query");
});
