import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";
import { Wire } from "./wire.ts";

const withBrokenPlugins = (): Promise<Installation> => {
  const broken = ["throws", "exports-nothing", "never-lists", "never-imports"] as const;
  const modules = [...broken.map(pluginPath), "not-there.mjs", pluginPath("risky")];
  return Installation.create({
    OP_MCP_PLUGINS__MODULES: modules.join(","),
    OP_MCP_TOOLS__LIST_TIMEOUT_MS: "1000",
  });
};

describe("broken plugins", () => {
  for (const [name, era] of eras) {
    verifies("plugins.broken", `the others are listed and called, ${name}`, async () => {
      await using installation = await withBrokenPlugins();
      await using connected = await connect(installation, { era });
      const { client } = connected;
      const list = async (): Promise<string> =>
        textOf(await client.listTools(undefined, { cacheMode: "refresh" }));
      expect(await list()).toContain("get_system_info");
      await expect.poll(list, { timeout: 10_000 }).toContain("count_runs");
      const result = await client.callTool({ name: "count_runs", arguments: {} });
      expect(textOf(result)).toContain("runs: 0");
    });
  }

  verifies("plugins.broken", "doctor says what is wrong", async () => {
    await using installation = await withBrokenPlugins();
    const { code, stdout } = await installation.run(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +MCP on stdio: /m);
    expect(stdout).toMatch(/^ok +Source risky: 4 tools$/m);
    expect(stdout).toMatch(/^FAIL +Source throws: .*the plugin's own database is gone/m);
    expect(stdout).toMatch(/^FAIL +Source exports-nothing: .*exports neither openToolSource nor/m);
    expect(stdout).toMatch(/^FAIL +Source never-lists: .*1000 ms/m);
    expect(stdout).toMatch(/^FAIL +Source never-imports: .*1000 ms/m);
    expect(stdout).toMatch(/^FAIL +Source not-there: .*cannot be read/m);
    expect(stdout).toMatch(/5 checks failed\.\n$/);
  });

  verifies("plugins.broken", "the shell uses the others", async () => {
    await using installation = await withBrokenPlugins();
    const { code, stdout, stderr } = await installation.run(["call", "count_runs"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "runs: 0\n" });
    expect(stderr).toContain("the plugin's own database is gone");
  });
});

describe("the README's plugin", () => {
  verifies("plugins.readme", "from its file", async () => {
    await using installation = await Installation.create();
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const [, code = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
    await installation.write("greetings.mjs", code);
    const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
    await symlink(modules, join(installation.home, "node_modules"));
    const [, line = ""] = /`op-mcp (--set .*)`/.exec(readme) ?? [];
    const args = line.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", ""));
    expect(await installation.run(args ?? [])).toMatchObject({ code: 0, stdout: "Hello, Ada!\n" });
  });
});

describe("noisy plugins", () => {
  verifies("plugins.noisy", "in the shell", async () => {
    await using installation = await Installation.create({
      OP_MCP_PLUGINS__MODULES: pluginPath("noisy"),
    });
    const shouted = await installation.run(["call", "shout"]);
    expect(shouted).toMatchObject({ code: 0, stdout: "shouted\n" });
    expect(shouted.stderr).toContain("calling prints");
    const hung = await installation.run(["call", "hang", "--timeout", "0.1"]);
    expect(hung).toMatchObject({ code: 75, stdout: "" });
    expect(hung.stderr).toContain("hang did not answer within 0.1 s.");
  });
});

describe("a damaged manifest", () => {
  for (const [what, text] of [
    ["garbage", "\u0000\u0001 garbage"],
    ["half a file", ""],
  ] as const) {
    verifies("manifest.damaged", what, async () => {
      await using installation = await Installation.create({
        OP_MCP_PLUGINS__MODULES: pluginPath("risky"),
      });
      const known = (await installation.run(["tools"])).stdout;
      await writeFile(join(installation.home, "cache/op-mcp/tools.manifest"), text);
      const next = await installation.run(["tools"]);
      expect(next).toMatchObject({ code: 0, stdout: known });
      expect(next.stderr).toMatch(/manifest/);
      expect(await installation.run(["tools"])).toMatchObject({ stdout: known, stderr: "" });
    });
  }
});

describe("a changed configuration", () => {
  verifies("config.live", "the log level, with a broken file in between", async () => {
    await using installation = await Installation.create();
    const name = "config/op-mcp/config.json";
    const save = (text: string): Promise<string> => installation.write(name, text);
    await save("{}");
    const wire = new Wire(installation.spawn());
    await wire.initialize();

    await save('{ "log": { "level": "debug" } }');
    await expect.poll(() => wire.stderr, { timeout: 10_000 }).toContain("log.level");

    await save('{ "log": { "level": ');
    await expect.poll(() => wire.stderr, { timeout: 10_000 }).toContain("the old one stays");
    expect(await wire.ask("ping")).toMatchObject({ result: {} });

    wire.end();
    expect((await wire.exited).code).toBe(0);
    expect(wire.stderr).toMatch(/"level":"debug".*leaving/);
  });
});
