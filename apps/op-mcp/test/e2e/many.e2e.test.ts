import { describe, expect } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { tenThousandTools } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";
import { Wire } from "./wire.ts";

const many = (mode: "direct" | "auto"): Promise<Installation> =>
  Installation.create({
    OP_MCP_PLUGINS__MODULES: tenThousandTools,
    OP_MCP_DISCLOSURE__MODE: mode,
    OP_MCP_STATE__IS_ENABLED: "false",
  });

/** A run that has listed the plugin leaves a manifest, so that the next one knows everything at once. */
async function learn(installation: Installation): Promise<void> {
  const { code, stderr } = await installation.run(["tools", "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

interface Page {
  readonly tools: readonly { readonly name: string }[];
  readonly nextCursor?: string;
}

async function listAllPages(installation: Installation): Promise<readonly Page[]> {
  const wire = new Wire(installation.spawn());
  await wire.initialize();
  const pages: Page[] = [];
  let cursor: string | undefined;
  do {
    const answer = await wire.ask("tools/list", cursor === undefined ? {} : { cursor });
    const page = answer["result"] as Page;
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

describe("a source of 10,000 tools", () => {
  verifies("many.complete", "in mode direct, page by page, in two runs", async () => {
    await using installation = await many("direct");
    await learn(installation);
    const pages = await listAllPages(installation);
    const again = await listAllPages(installation);
    const names = pages.flatMap(({ tools }) => tools.map(({ name }) => name));
    expect(names).toHaveLength(10_010);
    expect(new Set(names).size).toBe(names.length);
    for (const { tools } of pages.slice(0, -1)) expect(tools.length).toBeGreaterThanOrEqual(200);
    // A cursor is sealed by the run that gave it.
    expect(again.map(({ tools }) => tools)).toEqual(pages.map(({ tools }) => tools));
  });

  verifies("many.complete", "for a client that was there before they were known", async () => {
    await using installation = await many("direct");
    await using connected = await connect(installation, { era: "legacy" });
    const count = async (): Promise<number> =>
      (await connected.client.listTools(undefined, { cacheMode: "refresh" })).tools.length;
    await expect.poll(count, { timeout: 20_000 }).toBe(10_010);
  });

  verifies("many.search-mode", "in mode auto, in both eras", async () => {
    await using installation = await many("auto");
    await learn(installation);
    for (const [, era] of eras) {
      await using connected = await connect(installation, { era });
      const { client } = connected;
      const call = async (name: string, args: Record<string, unknown>): Promise<string> =>
        textOf(await client.callTool({ name, arguments: args }));

      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name).toSorted()).toEqual([
        "call_many",
        "call_many_readonly",
        "call_tool",
        "call_tool_readonly",
        "describe_tool",
        "search_tools",
        "server_status",
      ]);
      expect(await call("search_tools", { query: "stop the printer of group 042" })).toContain(
        "printer_stop_042",
      );
      expect(await call("describe_tool", { name: "printer_stop_042" })).toContain("minLength");
      const lpr = { name: "lpr" };
      const called = await call("call_tool", { name: "printer_stop_042", arguments: lpr });
      expect(called).toContain("lpr");
      expect(called).not.toContain("isError");
      expect(
        await call("call_tool_readonly", { name: "printer_list_001", arguments: lpr }),
      ).toContain("lpr");
      const refused = await call("call_tool_readonly", {
        name: "printer_stop_042",
        arguments: lpr,
      });
      expect(refused).toContain("ERR_TOOL_NOT_READONLY");
      expect(await call("call_tool", { name: "printer_stop_042", arguments: {} })).toContain(
        "name: is required and missing",
      );
      expect(await call("printer_stop_042", lpr)).toContain("lpr");
      expect(await call("search_tools", { query: "" })).toContain("10010 tools");
    }
  });
});
