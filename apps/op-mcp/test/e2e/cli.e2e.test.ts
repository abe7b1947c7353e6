import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect } from "vitest";
import { binary, Installation } from "./installation.ts";
import { tenThousandTools } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

const colour = "\u001B[";

/** The standard output of a run that succeeds and says nothing else. */
async function outputOf(installation: Installation, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await installation.run(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** The same, read as JSON. */
async function jsonOf(installation: Installation, ...args: readonly string[]): Promise<unknown> {
  return JSON.parse(await outputOf(installation, ...args, "--json"));
}

/** What a person sees on a terminal. */
async function onTerminal(installation: Installation, ...args: readonly string[]): Promise<string> {
  const command = [process.execPath, binary, ...args].map((part) => `'${part}'`).join(" ");
  const child = spawn("/usr/bin/script", ["-qec", command, "/dev/null"], {
    env: { ...installation.env, TERM: "xterm-256color" },
    cwd: installation.home,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  expect(await once(child, "close")).toEqual([0, null]);
  return Buffer.concat(chunks).toString();
}

describe("tools", () => {
  verifies("cli.tools", "as a table, and those that fit a question", async () => {
    await using installation = await Installation.create({
      OP_MCP_PLUGINS__MODULES: tenThousandTools,
    });
    const all = (await outputOf(installation, "tools", "--source", "builtin")).split("\n");
    expect(all[0]).toMatch(/^NAME +RISK +SOURCE +DESCRIPTION$/);
    expect(all.filter((line) => / read +builtin +Shows hostname/.test(line))).toHaveLength(1);
    const found = await outputOf(installation, "tools", "stop", "the", "printer");
    expect(found.split("\n")[1]).toMatch(/^printer_stop_\d{3} +write/);
    const none = await installation.run(["tools", "xyzzy"]);
    expect(none).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching("No tool") });
  });
});

describe("call", () => {
  verifies("cli.call", "with arguments from the command line, a file and stdin", async () => {
    await using installation = await Installation.create();
    expect(await outputOf(installation, "call", "get_system_info", "{}")).toContain('"kernel"');
    await installation.write("arguments.json", '{"command": "sh"}');
    const call = ["call", "check_command_exists"];
    expect(await outputOf(installation, ...call, "@arguments.json")).toContain('"exists": true');
    const piped = await installation.run([...call, "-"], '{"command": "no-such-program"}');
    expect(piped).toMatchObject({ code: 0, stdout: expect.stringContaining('"exists": false') });
  });
});

describe("doctor", () => {
  verifies("cli.doctor", "on a healthy machine", async () => {
    await using installation = await Installation.create();
    const said = await outputOf(installation, "doctor");
    expect(said).toMatch(/^ok +Node: v24/);
    for (const name of ["Configuration", "Cache directory", "MCP on stdio", "Source builtin"]) {
      expect(said).toMatch(new RegExp(`^ok +${name}: .`, "m"));
    }
    expect(said).toMatch(/Everything works\.\n$/);
  });
});

const freePort = { OP_MCP_SERVE__LISTENERS: "http://127.0.0.1:0" };

/** What `start` prints until it serves; then Ctrl-C ends it. */
async function started(
  installation: Installation,
  last: string,
  ...flags: readonly string[]
): Promise<string> {
  const child = installation.spawn("start", ...flags);
  const exited = once(child, "exit");
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes(last)) child.kill("SIGINT");
  }
  expect(await exited).toEqual([0, null]);
  return text;
}

describe("start", () => {
  verifies("cli.start", "with a snippet that each client takes", async () => {
    await using installation = await Installation.create(freePort);
    const said = await started(installation, "Ctrl-C ends it");
    expect(said).toMatch(/^op-mcp \d+\.\d+\.\d+ on Node 24\./);
    expect(said).toMatch(/^ +Server +op-mcp .* lists \d+ tools/m);
    expect(said).toContain("search_tools");
    for (const client of ["Claude Desktop", "Claude Code", "Cursor", "VS Code", "Codex"]) {
      const [, snippet = ""] = said.split(new RegExp(`^${client}  .*\\n.*\\n`, "m"));
      expect(snippet.split("\n\n")[0], client).toContain(binary);
    }
    const [, url = ""] = /^ +URL +(http:\/\/127\.0\.0\.1:\d+\/mcp)$/m.exec(said) ?? [];
    const token = await readFile(join(installation.home, "state/op-mcp/local-token"), "utf8");
    for (const client of ["Claude Desktop", "Claude Code", "Cursor", "VS Code", "Codex"]) {
      const [, snippet = ""] = said.split(new RegExp(`^${client}, over HTTP\\n.*\\n`, "m"));
      expect(snippet.split("\n\n").slice(0, 2).join(), client).toContain(url);
      expect(snippet.split("\n\n").slice(0, 2).join(), client).toContain(token.trim());
    }
  });
});

describe("every command", () => {
  verifies("cli.json", "when asked", async () => {
    await using installation = await Installation.create();
    expect(await jsonOf(installation, "tools", "--risk", "read")).toContainEqual(
      expect.objectContaining({ name: "get_system_info", inputSchema: expect.anything() }),
    );
    expect(await jsonOf(installation, "call", "get_system_info")).toMatchObject({
      structuredContent: { kernel: expect.any(String) },
    });
    expect(await jsonOf(installation, "doctor")).toMatchObject({ ok: true });
    await using served = await Installation.create(freePort);
    expect(JSON.parse(await started(served, "\n}\n", "--json"))).toMatchObject({
      check: { status: "ok" },
      endpoint: expect.stringMatching(/^http:.*\/mcp$/),
      tokenFile: expect.stringContaining(served.home),
    });
    expect(await jsonOf(installation, "config", "show")).toMatchObject({ log: { level: "info" } });
    expect(await jsonOf(installation, "config", "check")).toEqual({ ok: true, files: [] });
    expect(await jsonOf(installation, "init", "cursor")).toMatchObject({ kind: "created" });
    expect(await jsonOf(installation, "version")).toMatchObject({ node: process.version });
    const refused = await installation.run(["call", "get_sytem_info", "--json"]);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "ERR_TOOL_NOT_FOUND" } });
  });
});

describe("the terminal", () => {
  verifies("cli.terminal", "help, and colours unless they are unwanted", async () => {
    await using installation = await Installation.create();
    const help = await onTerminal(installation);
    expect(help).toContain(colour);
    expect(stripVTControlCharacters(help)).toMatch(/Commands\r?\n +tools/);
    expect(help.split("\n").length).toBeLessThan(45);
    expect(await onTerminal(installation, "tools", "--no-color")).not.toContain(colour);
  });

  verifies("cli.pipe", "no colours", async () => {
    await using installation = await Installation.create();
    expect(await outputOf(installation, "help")).not.toContain(colour);
    expect(await outputOf(installation, "tools")).not.toContain(colour);
  });

  verifies("cli.pipe", "a reader that has had enough", async () => {
    await using installation = await Installation.create({
      OP_MCP_PLUGINS__MODULES: tenThousandTools,
    });
    const child = installation.spawn("tools", "--json");
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await once(child, "close")).toEqual([0, null]);
    expect(stderr).toBe("");
  });
});

describe("completions", () => {
  verifies("cli.completions", "in a real bash", async () => {
    await using installation = await Installation.create();
    const script = await outputOf(installation, "completions", "bash");
    const complete = async (...words: readonly string[]): Promise<readonly string[]> => {
      const list = words.map((word) => `'${word}'`).join(" ");
      const ask = `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _op_mcp; echo "\${COMPREPLY[@]}"`;
      const { promise, resolve } = Promise.withResolvers<string>();
      execFile("bash", ["--norc", "-c", `${script}\n${ask}`], (_error, stdout) => resolve(stdout));
      return (await promise).trim().split(" ");
    };
    expect(await complete("op-mcp", "c")).toEqual(["call", "config", "completions"]);
    expect(await complete("op-mcp", "init", "cl")).toEqual(["claude-desktop", "claude-code"]);
    expect(await complete("op-mcp", "tools", "--ri")).toEqual(["--risk"]);
  });

  verifies("cli.completions", "for the other shells", async () => {
    await using installation = await Installation.create();
    expect(await outputOf(installation, "completions", "zsh")).toMatch(/^#compdef op-mcp\n/);
    expect(await outputOf(installation, "completions", "fish")).toMatch(/^complete -c op-mcp /);
  });
});

describe("configuration files", () => {
  for (const [extension, text] of [
    ["json", '{ "tools": { "maxTools": 7 }, /* of the machine */ }'],
    ["yaml", "tools:\n  maxTools: 7 # of the machine\n"],
    ["toml", "[tools]\nmaxTools = 7 # of the machine\n"],
  ] as const) {
    verifies("config.formats", extension, async () => {
      await using installation = await Installation.create();
      const file = await installation.write(`config/op-mcp/config.${extension}`, text);
      expect(await jsonOf(installation, "config", "show")).toMatchObject({
        tools: { maxTools: 7 },
      });
      const shown = await outputOf(installation, "config", "show", "--origin");
      expect(shown).toMatch(new RegExp(`^tools\\.maxTools +7 +${file}`, "m"));
      expect(await readFile(file, "utf8")).toBe(text);
    });
  }
});
