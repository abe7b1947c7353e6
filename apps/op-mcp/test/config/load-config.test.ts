import { chmodSync, chownSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { effectiveValues, shownConfig } from "../../src/config/effective-values.ts";
import { toFlagSetting } from "../../src/config/flag-setting.ts";
import { ConfigFolder } from "./config-folder.ts";

describe("layers", () => {
  test("nothing configured gives the defaults", async () => {
    using folder = new ConfigFolder();
    const { config, files, originOf } = await folder.load();
    expect(config.log.level).toBe("info");
    expect(files).toEqual([]);
    expect(originOf(["log", "level"])).toEqual({ layer: "default", where: "built in" });
  });

  test("each layer beats the one below it, and every value keeps its origin", async () => {
    using folder = new ConfigFolder();
    const etc = folder.write(
      "etc/config.json",
      '{\n "tools": {\n  "idleMs": 1001, "maxTools": 1, "listTimeoutMs": 101, "preload": ["a", "b"]},\n "log": {"level": "error"}}',
    );
    const user = folder.write(
      "xdg/op-mcp/config.yaml",
      "tools:\n  maxTools: 2\n  listTimeoutMs: 102\n  preload: [c]\nlog:\n  level: warn\n",
    );
    const project = folder.write(
      "project/.op-mcp.toml",
      '[tools]\nlistTimeoutMs = 103\npreload = []\n[log]\nlevel = "info"\n',
    );
    folder.env["OP_MCP_TOOLS__PRELOAD"] = "d,e";
    folder.env["OP_MCP_LOG__LEVEL"] = "debug";
    const loaded = await folder.load({ settings: ["log.level=silent"].map(toFlagSetting) });
    expect(loaded.config).toMatchObject({
      tools: { idleMs: 1001, maxTools: 2, listTimeoutMs: 103, preload: ["d", "e"] },
      log: { level: "silent" },
    });
    expect(loaded.files.map(({ file }) => file)).toEqual([etc, user, project]);
    const origins = Object.fromEntries(
      effectiveValues(loaded).map(({ leaf, origin }) => [leaf.path, origin]),
    );
    expect(origins).toMatchObject({
      "tools.idleMs": { layer: "system", where: etc, line: 3 },
      "tools.maxTools": { layer: "user", where: user, line: 2 },
      "tools.listTimeoutMs": { layer: "project", where: project },
      "tools.preload": { layer: "environment", where: "OP_MCP_TOOLS__PRELOAD" },
      "log.level": { layer: "flag", where: "--set log.level=silent" },
      "log.format": { layer: "default" },
    });
    expect(shownConfig(loaded)).toMatchObject({ tools: { maxTools: 2 } });
  });

  test("--config replaces every file, and OP_MCP_CONFIG does the same", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", { log: { level: "error" } });
    const file = folder.write("mine.json", { log: { maxFiles: 3 } });
    const { config } = await folder.load({ file });
    expect(config.log).toMatchObject({ level: "info", maxFiles: 3 });
    folder.env["OP_MCP_CONFIG"] = file;
    expect((await folder.load()).config.log).toMatchObject({ level: "info", maxFiles: 3 });
  });

  test("JSON may have comments and trailing commas; empty files are fine", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", '// ours\n{ "log": { "level": "warn", }, }');
    folder.write("xdg/op-mcp/config.json", "");
    folder.write("project/.op-mcp/config.yaml", "# nothing\n");
    expect((await folder.load()).config.log.level).toBe("warn");
  });
});

describe("problems", () => {
  test("all problems of all layers come at once, with file, line, key and a suggestion", async () => {
    using folder = new ConfigFolder();
    const etc = folder.write("etc/config.json", '{\n "log": {\n  "levle": "debug"\n }\n}');
    const user = folder.write("xdg/op-mcp/config.yaml", "log:\n  level: loud\n  maxFiles: many\n");
    const project = folder.write("project/.op-mcp.json", "{ nonsense }");
    folder.env["OP_MCP_LOG__LEVLE"] = "debug";
    folder.env["OP_MCP_LOG__MAX_FILES"] = "lots";
    const failure = await folder.failure({
      settings: ["log.file.x=1", "logs.level=debug"].map(toFlagSetting),
    });
    expect(failure).toMatchObject({ code: "ERR_CONFIG_INVALID" });
    for (const line of [
      `${etc}:3: log.levle is not a known key. Did you mean log.level?`,
      `${user}:2: log.level must be "debug" or "info" or "warn" or "error" or "silent".`,
      `${user}:3: log.maxFiles must be a number.`,
      `${project}: Expected a key in double quotes, found "n" at line 1, column 3.`,
      "OP_MCP_LOG__LEVLE: is not a known variable. Did you mean OP_MCP_LOG__LEVEL?",
      'OP_MCP_LOG__MAX_FILES: log.maxFiles must be a number, not "lots".',
      "--set logs.level=debug: logs.level is not a known key. Did you mean log.level?",
      "--set log.file.x=1: log.file must be text.",
    ]) {
      expect(failure.message).toContain(line);
    }
  });

  test("a wrong value is told although a stronger layer hides it", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", { log: { maxFiles: 0 } });
    folder.env["OP_MCP_LOG__MAX_FILES"] = "5";
    expect((await folder.failure()).message).toContain("log.maxFiles must be at least 1");
  });

  test.each([
    ["project/.op-mcp.yaml", "log:\n  level: [\n", /yaml: [^\n]* at line 3, column 1\.$/],
    ["project/.op-mcp.toml", "a = 1\nlog = = 1", /toml: [^\n]* at line 2, column \d+\.$/],
    ["project/.op-mcp.json", "[1]", /must contain an object/],
  ])("a broken %s is named", async (name, text, message) => {
    using folder = new ConfigFolder();
    const file = folder.write(name, text);
    const failure = await folder.failure();
    expect(failure.message).toContain(file);
    expect(failure.message).toMatch(message);
  });

  test("a project's file may not run code, write elsewhere or loosen approval", async () => {
    using folder = new ConfigFolder();
    const values = { plugins: { modules: ["./evil.mjs"] }, policy: { rules: [] } };
    const file = folder.write("project/.op-mcp.json", values);
    const { message } = await folder.failure();
    expect(message).toContain(`${file}:1: plugins.modules cannot be set by a project's file.`);
    expect(message).toContain("policy.rules cannot be set by a project's file.");
    const named = await folder.load({ file });
    expect(named.config.plugins.modules).toEqual(["./evil.mjs"]);
  });

  test("two files in one place are refused", async () => {
    using folder = new ConfigFolder();
    const json = folder.write("etc/config.json", {});
    const yaml = folder.write("etc/config.yaml", "");
    expect((await folder.failure()).message).toContain(
      `${json}: and ${yaml} are both there. Keep one of them.`,
    );
  });

  test("a named file that is missing, or a directory, cannot be read", async () => {
    using folder = new ConfigFolder();
    expect(await folder.failure({ file: "gone.json" })).toMatchObject({
      code: "ERR_CONFIG_UNREADABLE",
    });
    const failure = await folder.failure({ file: folder.root });
    expect(failure.message).toContain("is not a file");
  });

  test("a key named __proto__ is unknown like any other", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", '{"__proto__": {"log": {"level": "error"}}}');
    expect((await folder.failure()).message).toContain("__proto__ is not a known key");
  });
});

describe.runIf(process.geteuid?.() === 0)("as root", () => {
  test("a file that others can write is refused with advice", async () => {
    using folder = new ConfigFolder();
    const file = folder.write("etc/config.json", {});
    chmodSync(file, 0o666);
    const failure = await folder.failure();
    expect(failure).toMatchObject({ code: "ERR_CONFIG_UNREADABLE" });
    expect(failure.message).toContain("chmod go-w");
  });

  test("a file of another user, or in a directory that others can write, is refused", async () => {
    using folder = new ConfigFolder();
    const file = folder.write("project/.op-mcp.json", {});
    chownSync(file, 1234, 1234);
    expect((await folder.failure()).message).toContain("belongs to another user (uid 1234)");
    chownSync(file, 0, 0);
    chmodSync(folder.path("project"), 0o777);
    expect((await folder.failure()).message).toContain("directory that other users can write");
  });
});

describe("environment", () => {
  test("the earlier systems' names work, and computed names beat them", async () => {
    using folder = new ConfigFolder();
    folder.env["MCP_MAX_TOOLS"] = "9";
    folder.env["MCP_IDLE_SECS"] = "2.5";
    folder.env["MCP_PRELOAD"] = "a,b";
    const { tools } = (await folder.load()).config;
    expect(tools).toMatchObject({ maxTools: 9, idleMs: 2500, preload: ["a", "b"] });
    folder.env["VERBOSE_LOGGING"] = "true";
    expect((await folder.load()).config.log.level).toBe("debug");
    folder.env["OP_MCP_LOG__LEVEL"] = "warn";
    expect((await folder.load()).config.log.level).toBe("warn");
    folder.env["VERBOSE_LOGGING"] = "perhaps";
    expect((await folder.failure()).message).toContain(
      "VERBOSE_LOGGING: log.level must be true or false",
    );
  });

  test("an empty variable counts as not set", async () => {
    using folder = new ConfigFolder();
    folder.env["OP_MCP_LOG__MAX_FILES"] = "";
    expect((await folder.load()).config.log.maxFiles).toBe(7);
  });
});
