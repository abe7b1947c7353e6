import { readdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { describe, expect } from "vitest";
import { binary, Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";

/** Real files, with what people leave in them: other servers, comments, tabs, Windows line ends, no last line end. */
const files = [
  [
    "claude-code",
    ".claude.json",
    '{\n  "numStartups": 42,\n  "mcpServers": { "other": { "command": "x", "args": [] } },\n  "projects": {}\n}',
  ],
  ["cursor", ".cursor/mcp.json", '{\r\n\t"mcpServers": {}\r\n}\r\n'],
  [
    "vscode",
    "config/Code/User/mcp.json",
    '{\n  // mine\n  "servers": {\n    "other": { "type": "http", "url": "https://example.org" }, // keep\n  },\n}\n',
  ],
  ["codex", ".codex/config.toml", 'model = "x" # mine\n\n[mcp_servers.other]\ncommand = "x"\n'],
] as const;

/** The backups that lie beside a file. */
async function backupsOf(file: string): Promise<readonly string[]> {
  const names = await readdir(dirname(file));
  return names.filter((name) => name.startsWith(basename(file)) && name.endsWith("-backup"));
}

describe("init", () => {
  for (const [client, name, text] of files) {
    verifies("cli.init", `${client} keeps everything and gives it back`, async () => {
      await using installation = await Installation.create();
      const file = await installation.write(name, text);
      const init = async (...args: readonly string[]): Promise<string> => {
        const { code, stdout, stderr } = await installation.run(["init", client, ...args]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        return stdout;
      };

      expect(await init()).toContain(file);
      const edited = await readFile(file, "utf8");
      expect(edited).toContain(binary);
      for (const line of text.split(/\r?\n/).filter((each) => /other|mine|model|num/.test(each))) {
        expect(edited).toContain(line.replace(/[ ,}]+$/, ""));
      }
      const [backup = ""] = await backupsOf(file);
      expect(await readFile(`${dirname(file)}/${backup}`, "utf8")).toBe(text);
      expect(await init()).toContain("already");
      expect(await readFile(file, "utf8")).toBe(edited);

      await init("--undo");
      expect(await readFile(file, "utf8")).toBe(text);
      expect(await backupsOf(file)).toEqual([]);
    });
  }

  verifies("cli.init", "the entry starts this op-mcp", async () => {
    await using installation = await Installation.create();
    await installation.run(["init", "cursor"]);
    const file = await readFile(`${installation.home}/.cursor/mcp.json`, "utf8");
    expect(JSON.parse(file)).toEqual({
      mcpServers: { "op-mcp": { command: process.execPath, args: [binary] } },
    });
    await installation.run(["init", "cursor", "--undo"]);
    expect(await readdir(`${installation.home}/.cursor`)).toEqual([]);
  });

  verifies("cli.init", "a broken file stays as it is", async () => {
    await using installation = await Installation.create();
    const file = await installation.write(".cursor/mcp.json", '{ "mcpServers": ');
    const { code, stdout, stderr } = await installation.run(["init", "cursor"]);
    expect({ code, stdout }).toEqual({ code: 65, stdout: "" });
    expect(stderr).toContain(`${file} was left as it is: `);
    expect(await readFile(file, "utf8")).toBe('{ "mcpServers": ');
  });
});
