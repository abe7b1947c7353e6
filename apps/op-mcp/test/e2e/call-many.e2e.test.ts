import { describe, expect } from "vitest";
import * as z from "zod";
import { connect, eras, textOf } from "./clients.ts";
import type { Installation } from "./installation.ts";
import { pluginPath } from "./plugin-path.ts";
import { installationWith, npmServer } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";

/** One entry of the audit log, as far as it is looked at. */
interface Entry {
  readonly tool: string;
  readonly outcome: string;
  readonly via?: string;
}

const Batch = z.object({
  results: z.array(z.object({ name: z.string(), isError: z.boolean().optional() }).loose()),
});

const rules = [{ name: "no-secrets", effect: "deny", tools: ["e_get-env"] }];
const overrides = [{ tools: ["read_graph"], limits: { toolCallsPerMinute: 2 } }];

/** Two servers from npm and a plugin whose tool destroys, known from an earlier run. */
async function landscape(): Promise<Installation> {
  const servers = {
    memory: npmServer("memory"),
    every: { ...npmServer("everything"), prefix: "e" },
  };
  const policy = { rules, limits: { overrides } };
  const plugins = { modules: [pluginPath("risky")] };
  const installation = await installationWith(servers, { policy, plugins });
  expect((await installation.run(["tools"])).code).toBe(0);
  return installation;
}

const calls = [
  { name: "read_graph" },
  { name: "e_echo", arguments: { message: "hello" } },
  { name: "e_get-env" },
  { name: "erase_disk", arguments: { device: "sdb" } },
  { name: "read_graph" },
  { name: "read_graph" },
  { name: "no_such_tool" },
];

async function entriesOf(installation: Installation): Promise<readonly Entry[]> {
  const { stdout } = await installation.run(["audit", "query", "--json", "--kind", "call-ended"]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line): Entry => JSON.parse(line)).toReversed();
}

describe.each(eras)("call_many, in %s", (name, era) => {
  verifies("many.call-many", name, async () => {
    await using installation = await landscape();
    await using connected = await connect(installation, { era, person: () => "accept" });
    const { client } = connected;
    const many = async (...wanted: readonly object[]) => {
      const asked = { name: "call_many", arguments: { calls: wanted } };
      return Batch.parse((await client.callTool(asked)).structuredContent).results;
    };
    const results = await many(...calls);
    const texts = results.map(textOf);
    expect(results.map(({ isError }) => isError === true)).toEqual(
      ["no", "no", "denied", "unasked", "no", "limited", "missing"].map((what) => what !== "no"),
    );
    expect(texts[1]).toContain("Echo: hello");
    expect(texts[2]).toContain("ERR_POLICY_DENIED");
    expect(texts[3]).toContain("ERR_APPROVAL_CODE");
    expect(texts[3]).toContain("Make it by itself");
    expect(texts[5]).toContain("ERR_LIMIT_EXCEEDED");
    expect(texts[6]).toContain("ERR_TOOL_NOT_FOUND");
    // Alone it is decided in the same way: the limit is the same one, and the person is asked.
    const alone = textOf(await client.callTool({ name: "read_graph", arguments: {} }));
    expect(alone).toContain("ERR_LIMIT_EXCEEDED");
    const erase = { name: "erase_disk", arguments: { device: "sdb" } };
    expect(textOf(await client.callTool(erase))).toContain("erased sdb");
    // What was approved by its code runs among others, once.
    const [, code = ""] = /op-mcp approve ([^`\s]+)`/.exec(texts[3] ?? "") ?? [];
    expect((await installation.run(["approve", "--yes", code])).code).toBe(0);
    const [erased, again] = await many(erase, { name: "count_runs" });
    expect(textOf(erased)).toContain("erased sdb");
    expect(again?.isError).toBeUndefined();
    expect(textOf(await many(erase))).toContain("ERR_APPROVAL_CODE");
    await client.close();
    const entries = await entriesOf(installation);
    const among = entries.filter(({ via }) => via === "call_many");
    expect(
      among
        .slice(0, 6)
        .map(({ tool, outcome }) => `${tool} ${outcome}`)
        .toSorted(),
    ).toEqual([
      "e_echo ok",
      "e_get-env refused",
      "erase_disk refused",
      "read_graph ok",
      "read_graph ok",
      "read_graph refused",
    ]);
    expect(entries.filter(({ tool }) => tool === "call_many")).toHaveLength(3);
  });
});
