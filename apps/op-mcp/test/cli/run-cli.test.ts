import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plain, Terminal } from "./terminal.ts";

describe("without a command", () => {
  test("serves MCP where stdin is no terminal, with the flags given", async () => {
    using terminal = new Terminal();
    expect(await terminal.run("--mode", "search", "--set", "log.level=debug")).toMatchObject({
      code: 0,
      stdout: "",
    });
    expect(terminal.served).toMatchObject([
      {
        settings: [
          { path: "log.level", text: "debug" },
          { path: "disclosure.mode", text: "search", flag: "--mode search" },
        ],
      },
    ]);
  });

  test("shows a short help on a terminal", async () => {
    using terminal = new Terminal();
    terminal.isTTY = true;
    const { code, stdout } = await terminal.run();
    expect(code).toBe(0);
    expect(plain(stdout)).toMatch(/Commands\n {2}tools \[query…\] +List the tools/);
    expect(terminal.served).toEqual([]);
  });
});

describe("tools", () => {
  test("lists them in a table", async () => {
    using terminal = new Terminal();
    const { code, stdout } = await terminal.run("tools");
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "NAME             RISK         SOURCE   DESCRIPTION",
        "get_system_info  read         builtin  Does get_system_info.",
        "restart_unit     destructive  systemd  Does restart_unit.",
        "slow             read         builtin  Does slow.",
        "",
      ].join("\n"),
    );
    expect(terminal.system.isOpen).toBe(false);
  });

  test("passes the question and the filters on", async () => {
    using terminal = new Terminal();
    await terminal.run("tools", "restart", "a", "service", "--risk", "write", "--source=systemd");
    expect(terminal.system.queries).toEqual([
      { text: "restart a service", risk: "write", source: "systemd" },
    ]);
  });

  test("prints JSON", async () => {
    using terminal = new Terminal();
    const { stdout } = await terminal.run("--json", "tools");
    expect(JSON.parse(stdout)).toMatchObject([{ name: "get_system_info" }, {}, {}]);
  });

  test("fits the terminal, with colours unless they are unwanted", async () => {
    using terminal = new Terminal();
    terminal.isTTY = true;
    terminal.columns = 48;
    const coloured = await terminal.run("tools");
    expect(coloured.stdout).toContain("\u001B[36m");
    const lengths = plain(coloured.stdout)
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(49);
    expect((await terminal.run("tools", "--no-color")).stdout).not.toContain("\u001B");
    terminal.env["NO_COLOR"] = "1";
    expect((await terminal.run("tools")).stdout).not.toContain("\u001B");
  });

  test("takes a terminal that does not know its size for one of 80 columns", async () => {
    using terminal = new Terminal();
    terminal.isTTY = true;
    terminal.columns = 0;
    expect(plain((await terminal.run("tools")).stdout)).toContain("Does get_system_info.\n");
  });
});

describe("call", () => {
  test("prints the answer, with control characters as escapes", async () => {
    using terminal = new Terminal();
    expect(await terminal.run("call", "get_system_info", '{"a": 1}')).toEqual({
      code: 0,
      stdout: "fine\\u001b[2J\n",
      stderr: "",
    });
    expect(terminal.system.calls).toEqual([["get_system_info", { a: 1 }]]);
  });

  test("takes arguments from a file, from stdin, or none", async () => {
    using terminal = new Terminal();
    writeFileSync(join(terminal.home, "args.json"), '{"from": "file"}');
    await terminal.run("call", "get_system_info", "@args.json");
    await terminal.run("call", "get_system_info");
    terminal.input = '{"from": "stdin"}';
    await terminal.run("call", "get_system_info", "-");
    expect(terminal.system.calls.map(([, args]) => args)).toEqual([
      { from: "file" },
      {},
      { from: "stdin" },
    ]);
  });

  test("asks the person at the terminal", async () => {
    using terminal = new Terminal();
    terminal.isTTY = true;
    terminal.input = "yes\n";
    const allowed = await terminal.run("call", "restart_unit");
    expect(allowed).toMatchObject({ code: 0, stdout: "restarted\n" });
    expect(allowed.stderr).toContain("Restart nginx?\nAllow it? [y/N] ");
    terminal.input = "\n";
    expect(await terminal.run("call", "restart_unit")).toMatchObject({ code: 1, stdout: "" });
    terminal.input = "";
    expect(await terminal.run("call", "restart_unit")).toMatchObject({ code: 1, stdout: "" });
  });

  test("refuses where nobody can be asked", async () => {
    using terminal = new Terminal();
    const ended = await terminal.run("call", "restart_unit");
    expect(ended).toMatchObject({ code: 77, stdout: "" });
    expect(ended.stderr).toContain("stdin is not a terminal");
  });

  test("gives up in time", async () => {
    using terminal = new Terminal();
    const ended = await terminal.run("call", "slow", "{}", "--timeout", "0.01");
    expect(ended.code).toBe(75);
    expect(ended.stderr).toBe(
      "op-mcp: slow did not answer within 0.01 s.\nAllow it more time with --timeout SECONDS.\n",
    );
    expect(terminal.system.isOpen).toBe(false);
  });
});

describe("wrong input gets one clear message and the right code", () => {
  test.each([
    [["tool"], 64, 'There is no command "tool".\nDid you mean tools?'],
    [["xyzzy"], 64, 'There is no command "xyzzy".\nThe commands are tools, call'],
    [["tools", "--sourc", "x"], 64, "There is no flag --sourc here.\nDid you mean --source?"],
    [
      ["tools", "--timeout", "3"],
      64,
      "There is no flag --timeout here.\nIt belongs to `op-mcp call`.",
    ],
    [["tools", "--risk", "reed"], 64, '--risk cannot be "reed".\nDid you mean read? It is one of'],
    [["tools", "--source"], 64, "--source needs a value: --source NAME."],
    [["tools", "--config", "--no-color"], 64, "--config needs a value: --config FILE."],
    [["tools", "--json=yes"], 64, "--json takes no value."],
    [["call"], 64, "`op-mcp call` needs NAME."],
    [["call", "a", "{}", "b"], 64, '`op-mcp call` does not know what to do with "b".'],
    [["call", "slow", "{}", "--timeout", "soon"], 64, '--timeout cannot be "soon".'],
    [
      ["call", "x", '{"a":}'],
      65,
      'not JSON: Expected a value, found "}" at line 1, column 6.\n  {"a":}\n       ^',
    ],
    [["call", "x", "[1]"], 65, "The arguments are not a JSON object."],
    [["call", "x", "@gone.json"], 66, "The arguments cannot be read: ENOENT"],
    [
      ["call", "get_sytem_info"],
      69,
      'no tool named "get_sytem_info".\nDid you mean get_system_info?',
    ],
    [["config"], 64, "`op-mcp config` needs WHAT. It is one of show, schema, docs, check."],
    [["config", "shwo"], 64, 'WHAT cannot be "shwo".\nDid you mean show?'],
    [["config", "check", "--config", "gone.yaml"], 78, "cannot be read: ENOENT"],
    [
      ["config", "check", "--set", "log.levle=debug"],
      78,
      "log.levle is not a known key. Did you mean log.level?",
    ],
    [["--log-level", "loud", "tools"], 64, '--log-level cannot be "loud".'],
    [["init"], 64, "`op-mcp init` needs CLIENT. It is one of claude-desktop"],
    [["init", "clade-code"], 64, "Did you mean claude-code?"],
    [["init", "windsurf", "--project"], 64, "Windsurf has no configuration file in a project."],
    [["init", "cursor", "--env", "oops"], 64, '--env cannot be "oops".'],
    [["init", "cursor", "--name", "a.b"], 64, '--name cannot be "a.b".'],
    [["completions", "tcsh"], 64, "It is one of bash, zsh, fish."],
    [["help", "cal"], 64, "Did you mean call?"],
  ])("%j", async (argv, code, message) => {
    using terminal = new Terminal();
    const ended = await terminal.run(...argv);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toMatch(/^op-mcp: [^\n]/);
    expect(ended).toMatchObject({ code, stdout: "" });
  });

  test("with --json the failure is JSON on stdout, too", async () => {
    using terminal = new Terminal();
    const { stdout, code } = await terminal.run("call", "nope", "{}", "--json");
    expect(code).toBe(69);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "ERR_TOOL_NOT_FOUND" } });
  });
});

describe("--json", () => {
  test.each([
    [["help"], { commands: [{ name: "tools", usage: "op-mcp tools [query…]" }] }],
    [["help", "call"], { name: "call", flags: [{ name: "timeout" }] }],
    [["completions", "bash"], { shell: "bash", script: expect.stringContaining("complete ") }],
    [["config", "docs"], [{ key: "tools.maxTools", type: "whole number, at least 1" }]],
    [["init", "codex", "--print"], { client: "codex", snippet: expect.stringContaining("[mcp") }],
  ])("is JSON for %j, too", async (argv, expected) => {
    using terminal = new Terminal();
    const { code, stdout } = await terminal.run(...argv, "--json");
    expect(code).toBe(0);
    const printed: unknown = JSON.parse(stdout);
    expect(firstOfEach(printed)).toMatchObject(expected);
  });
});

/** Lists, cut down to their first item. */
function firstOfEach(value: unknown): unknown {
  const cut = (_key: string, item: unknown): unknown =>
    Array.isArray(item) ? item.slice(0, 1) : item;
  return JSON.parse(JSON.stringify(value, cut));
}

describe("config", () => {
  test("shows what is in force and where it comes from", async () => {
    using terminal = new Terminal();
    mkdirSync(join(terminal.home, ".op-mcp"));
    const file = join(terminal.home, ".op-mcp/config.json");
    writeFileSync(file, '{"tools": {"maxTools": 3}}');
    const shown = await terminal.run("config", "show", "--log-level", "debug");
    expect(JSON.parse(shown.stdout)).toMatchObject({
      log: { level: "debug" },
      tools: { maxTools: 3 },
    });
    const { stdout } = await terminal.run("config", "show", "--origin", "--log-level", "debug");
    expect(stdout).toMatch(/^log\.level +"debug" +--log-level debug$/m);
    expect(stdout).toContain(`${file}:1`);
    expect(stdout).toMatch(/^log\.format +"auto" +built in$/m);
    const checked = await terminal.run("config", "check");
    expect(checked.stdout).toBe(`The configuration is fine.\n  ${file} (project)\n`);
  });

  test("prints the schema and the documentation", async () => {
    using terminal = new Terminal();
    const { stdout: schema } = await terminal.run("config", "schema");
    expect(JSON.parse(schema)).toMatchObject({ type: "object" });
    expect((await terminal.run("config", "docs")).stdout).toMatch(/^# Configuration\n/);
  });
});

describe("init", () => {
  test("adds op-mcp, knows that it did, and takes it out again", async () => {
    using terminal = new Terminal();
    const file = join(terminal.home, ".cursor/mcp.json");
    const added = await terminal.run("init", "cursor", "--env", "OP_MCP_LOG__LEVEL=debug");
    expect(added.stdout).toContain(`Wrote ${file}\n`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      mcpServers: {
        "op-mcp": {
          command: process.execPath,
          args: [expect.stringMatching(/\/bin\/op-mcp\.cjs$/)],
          env: { OP_MCP_LOG__LEVEL: "debug" },
        },
      },
    });
    const again = await terminal.run("init", "cursor", "--env", "OP_MCP_LOG__LEVEL=debug");
    expect(again.stdout).toBe(`Cursor is configured already: ${file}\n`);
    expect((await terminal.run("init", "cursor", "--undo")).stdout).toContain(`Deleted ${file}`);
  });

  test("only prints where that is wanted", async () => {
    using terminal = new Terminal();
    const { stdout } = await terminal.run("init", "codex", "--print", "--name", "mine");
    expect(stdout).toContain("[mcp_servers.mine]");
    expect(stdout).toContain("# ");
  });

  test("writes the project's file", async () => {
    using terminal = new Terminal();
    await terminal.run("init", "vscode", "--project");
    const text = readFileSync(join(terminal.home, ".vscode/mcp.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ servers: { "op-mcp": { type: "stdio" } } });
  });
});

describe("help, version and completions", () => {
  test.each([
    ["help", "call"],
    ["call", "--help"],
    ["call", "-h"],
  ])("%s %s explains a command", async (...argv) => {
    using terminal = new Terminal();
    const { code, stdout } = await terminal.run(...argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^op-mcp call NAME \[JSON\]: Call a tool\n/);
    expect(stdout).toContain("--timeout SECONDS");
    expect(stdout).toContain("op-mcp call get_system_info");
  });

  test.each([["version"], ["--version"], ["-V"]])("%s prints the version", async (argument) => {
    using terminal = new Terminal();
    expect((await terminal.run(argument)).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test.each([
    ["bash", "complete -o default -F _op_mcp op-mcp"],
    ["zsh", "'tools:List the tools"],
    ["fish", "-a 'show schema docs check'"],
  ])("completes in %s", async (shell, line) => {
    using terminal = new Terminal();
    const { stdout } = await terminal.run("completions", shell);
    expect(stdout).toContain(line);
    expect(stdout).toContain("claude-desktop");
  });
});
