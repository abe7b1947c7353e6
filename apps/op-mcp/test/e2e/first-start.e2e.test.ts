import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";
import { Wire } from "./wire.ts";

const noteFiles = fileURLToPath(new URL("loaded-files.cjs", import.meta.url));

interface Start {
  readonly tools: readonly string[];
  readonly loaded: readonly string[];
}

/** Starts a server that lists its tools until all are known, and ends it. */
async function start(installation: Installation): Promise<Start> {
  const wire = new Wire(installation.spawn());
  await wire.initialize();
  const list = async (): Promise<readonly string[]> => {
    const answer = await wire.ask("tools/list");
    const { tools } = answer["result"] as { tools: readonly { name: string }[] };
    return tools.map(({ name }) => name);
  };
  const all = expect.arrayContaining(["state_files_diff", "execute_command"]);
  await expect.poll(list, { timeout: 20_000 }).toEqual(all);
  const tools = await list();
  wire.end();
  await wire.exited;
  const written = await readFile(join(installation.home, "loaded.json"), "utf8");
  return { tools, loaded: JSON.parse(written) as string[] };
}

describe("the first start in an empty home", () => {
  verifies("manifest.first", "as the binary that is installed", async () => {
    await using installation = await Installation.create({
      MCP_AGENT_DISCOVERY: "true",
      OP_MCP_DISCLOSURE__MODE: "direct",
      NODE_OPTIONS: `--require ${noteFiles}`,
    });
    installation.env["LOADED_FILES"] = join(installation.home, "loaded.json");
    const first = await start(installation);
    const later = await start(installation);
    expect(later.tools).toEqual(first.tools);
    const more = first.loaded.filter((file) => !later.loaded.includes(file));
    expect(more).toEqual(["known-lists.cjs"]);
  });
});
