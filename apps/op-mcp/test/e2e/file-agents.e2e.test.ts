import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { totalmem, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";

/** Whom the agents work as; the tests may run as root. */
const user = process.getuid?.() === 0 ? { uid: 4711, gid: 4712 } : {};

/** An installation whose agents may write in one folder, a client, and a person who agrees. */
async function openWorkplace(era: (typeof eras)[number][1]) {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "op-mcp-e2e-files-"));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const installation = opened.use(
    await Installation.create({ MCP_AGENT_DISCOVERY: "true", OP_MCP_DISCLOSURE__MODE: "direct" }),
  );
  const agents = {
    file: { writable: [folder], user },
    executor: { folders: [folder], projects: [folder], user },
  };
  await installation.write("config/op-mcp/config.json", JSON.stringify({ agents }));
  const { client } = opened.use(await connect(installation, { era, person: () => "accept" }));
  // Until a source has been listed for the first time, what it offers is not known.
  await vi.waitFor(
    async () => {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain("get_system_status");
    },
    { timeout: 30_000, interval: 200 },
  );
  const owned = opened.move();
  return {
    folder,
    client,
    call: async (name: string, args: object = {}) => {
      const result = await client.callTool({ name, arguments: { ...args } });
      expect(result.isError ?? false, textOf(result)).toBe(false);
      return result.structuredContent;
    },
    refusal: async (name: string, args: object) => {
      const result = await client.callTool({ name, arguments: { ...args } });
      expect(result.isError).toBe(true);
      return textOf(result);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

describe.each(eras)("agents, in %s,", (name, era) => {
  verifies("agents.files", name, async () => {
    await using place = await openWorkplace(era);
    const { folder, call, refusal } = place;
    const { tools } = await place.client.listTools();
    const annotationsOf = (wanted: string) =>
      tools.find((tool) => tool.name === wanted)?.annotations;
    expect(annotationsOf("read_file")).toMatchObject({ readOnlyHint: true });
    expect(annotationsOf("write_file")).toMatchObject({ readOnlyHint: false });
    expect(annotationsOf("delete_file")).toMatchObject({ destructiveHint: true });

    const path = join(folder, "notes", "today.md");
    const content = "# Today\nTODO: grüßen\n";
    await call("write_file", { path, content, folders: true });
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(await call("read_file", { path, fromLine: 2 })).toMatchObject({
      content: "TODO: grüßen\n",
    });
    expect(await call("search_files", { path: folder, text: "TODO" })).toMatchObject({
      matches: [{ path: "notes/today.md", line: 2, text: "TODO: grüßen" }],
    });
    expect(await call("list_folder", { path: folder, depth: 2 })).toMatchObject({
      entries: [{ name: "notes" }, { name: "notes/today.md" }],
    });
    await call("delete_file", { path });
    expect(existsSync(path)).toBe(false);

    expect(await refusal("read_file", { path: "/etc/shadow" })).toContain("no permitted folder");
    expect(await refusal("read_file", { path: `${folder}/../x` })).toContain("ERR_PLACE_");
    expect(await refusal("write_file", { path: "/tmp/x", content: "" })).toContain("only be read");
  });

  verifies("agents.projects", name, async () => {
    await using place = await openWorkplace(era);
    const { folder, call, refusal } = place;
    await call("create_project", { name: "hello", folder, template: "node" });
    const cwd = join(folder, "hello");
    const author = "Ada Lovelace <ada@example.com>";
    for (const argv of [
      ["init", "-b", "main"],
      ["add", "."],
      ["commit", "-m", "first"],
    ]) {
      expect(await call("git_change", { argv, cwd, author })).toMatchObject({ exitCode: 0 });
    }
    expect(await call("git_operation", { argv: ["log", "--format=%an: %s"], cwd })).toMatchObject({
      stdout: "Ada Lovelace: first\n",
    });
    expect(await refusal("git_operation", { argv: ["push"], cwd })).toContain("not allowed");
  });

  verifies("agents.monitor", name, async () => {
    await using place = await openWorkplace(era);
    const { call } = place;
    expect(await call("get_system_status")).toMatchObject({
      isHealthy: expect.any(Boolean),
      memory: { totalBytes: totalmem() },
    });
    expect(await call("list_processes", { sort: "memory", limit: 2 })).toMatchObject({
      processes: [{ memoryBytes: expect.any(Number) }, { memoryBytes: expect.any(Number) }],
    });
    expect(await call("get_hardware")).toMatchObject({ memoryBytes: totalmem() });
    expect(await call("get_disks")).toMatchObject({ fileSystems: expect.any(Array) });
  });
});
