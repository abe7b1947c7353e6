import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { parse, stringify } from "smol-toml";
import { describe, expect, test } from "vitest";
import { type Client, clients, findClient } from "../../src/clients/client.ts";
import {
  type InstallOptions,
  type InstallOutcome,
  installEntry,
  uninstallEntry,
  type UninstallOutcome,
} from "../../src/clients/install-entry.ts";
import { renderSnippet, toEntry } from "../../src/clients/render-snippet.ts";

const command = { command: "/usr/bin/node", args: ["/opt/op-mcp/bin/op-mcp.cjs"] };

class Home implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "op-mcp-clients-"));
  readonly file: string;
  readonly client: Client;

  constructor(id: string) {
    const client = findClient(id);
    if (client === undefined) throw new Error(`no client ${id}`);
    this.client = client;
    this.file = client.userFile({ HOME: this.root });
  }

  write(text: string): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, text);
  }

  read(): string {
    return readFileSync(this.file, "utf8");
  }

  install(options: Partial<InstallOptions> = {}): Promise<InstallOutcome> {
    return installEntry({
      client: this.client,
      file: this.file,
      name: "op-mcp",
      entry: toEntry(this.client, command),
      isForced: false,
      nowMs: Date.UTC(2026, 10, 21, 4, 5, 6),
      ...options,
    });
  }

  uninstall(): Promise<UninstallOutcome> {
    return uninstallEntry({ client: this.client, file: this.file, name: "op-mcp" });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

describe.each(clients.map((client) => client.id))("%s", (id) => {
  test("creates a private file, says so when it is there already, and deletes it again", async () => {
    using home = new Home(id);
    expect(await home.install()).toEqual({ kind: "created", file: home.file });
    expect(statSync(home.file).mode & 0o777).toBe(0o600);
    expect(home.read()).toBe(await renderSnippet(home.client, command));
    expect(await home.install()).toMatchObject({ kind: "already-there" });
    expect(await home.uninstall()).toMatchObject({ kind: "deleted" });
    expect(existsSync(home.file)).toBe(false);
    expect(await home.uninstall()).toMatchObject({ kind: "not-there" });
  });
});

test("each client gets the form it documents", async () => {
  const snippets = await Promise.all(
    clients
      .filter(({ id }) => ["claude-code", "vscode", "codex"].includes(id))
      .map((client) => renderSnippet(client, command)),
  );
  expect(snippets).toEqual([
    `{
  "mcpServers": {
    "op-mcp": {
      "type": "stdio",
      "command": "/usr/bin/node",
      "args": [
        "/opt/op-mcp/bin/op-mcp.cjs"
      ]
    }
  }
}
`,
    `{
  "servers": {
    "op-mcp": {
      "type": "stdio",
      "command": "/usr/bin/node",
      "args": [
        "/opt/op-mcp/bin/op-mcp.cjs"
      ]
    }
  }
}
`,
    `[mcp_servers.op-mcp]
command = "/usr/bin/node"
args = [ "/opt/op-mcp/bin/op-mcp.cjs" ]
`,
  ]);
});

describe("an existing file", () => {
  const settings =
    '{\n  // mine\n  "mcpServers": {\n    "git": { "command": "git-mcp" },\n  },\n  "theme": "dark"\n}\n';

  test("is named when it is out of reach", async () => {
    using home = new Home("gemini-cli");
    writeFileSync(dirname(home.file), "a file where the directory should be");
    const attempt = home.install();
    await expect(attempt).rejects.toMatchObject({
      code: "ERR_CLIENT_FILE",
      message: expect.stringContaining(`${home.file} cannot be changed: E`),
      advice: expect.stringContaining("--print"),
    });
  });

  test("keeps everything, is backed up, and comes back byte for byte", async () => {
    using home = new Home("gemini-cli");
    home.write(settings);
    chmodSync(home.file, 0o640);
    const outcome = await home.install();
    const backup = `${home.file}.20261121-040506.op-mcp-backup`;
    expect(outcome).toEqual({ kind: "changed", file: home.file, backup });
    expect(readFileSync(backup, "utf8")).toBe(settings);
    expect(statSync(home.file).mode & 0o777).toBe(0o640);
    expect(home.read()).toContain(
      '// mine\n  "mcpServers": {\n    "git": { "command": "git-mcp" },\n    "op-mcp"',
    );
    expect(await home.uninstall()).toMatchObject({ kind: "restored" });
    expect(home.read()).toBe(settings);
    expect(readdirSync(dirname(home.file))).toEqual(["settings.json"]);
  });

  test("that changed since loses just the entry", async () => {
    using home = new Home("gemini-cli");
    home.write(settings);
    await home.install();
    home.write(home.read().replace('"dark"', '"light"'));
    expect(await home.uninstall()).toMatchObject({ kind: "removed" });
    expect(home.read()).toBe(settings.replace('"dark"', '"light"'));
  });

  test("behind a link is changed where it is, and the link stays", async () => {
    using home = new Home("cursor");
    const target = join(home.root, "dotfiles.json");
    writeFileSync(target, "{}\n");
    mkdirSync(dirname(home.file), { recursive: true });
    symlinkSync(target, home.file);
    expect(await home.install()).toMatchObject({ kind: "changed", file: target });
    expect(readFileSync(target, "utf8")).toContain('"op-mcp"');
    expect(home.read()).toContain('"op-mcp"');
  });

  test.each([
    ["cursor", '{\n  "mcpServers": {,}\n}', /line 2, column 18/],
    ["cursor", '{"mcpServers": []}', /Expected an object at line 1, column 16/],
    ["cursor", "[]", /Expected an object/],
    ["codex", "[broken\n", /line|1:/],
  ])("of %s that is broken stays as it is: %j", async (id, text, message) => {
    using home = new Home(id);
    home.write(text);
    await expect(home.install()).rejects.toMatchObject({ code: "ERR_CLIENT_CONFIG" });
    await expect(home.install()).rejects.toThrow(message);
    expect(home.read()).toBe(text);
    expect(readdirSync(dirname(home.file))).toHaveLength(1);
  });

  test("with another entry of that name is changed only by force", async () => {
    using home = new Home("cursor");
    home.write('{"mcpServers": {"op-mcp": {"command": "mine"}}}');
    await expect(home.install()).rejects.toMatchObject({
      advice: expect.stringMatching(/--force/),
    });
    expect(await home.install({ isForced: true })).toMatchObject({ kind: "changed" });
    expect(home.read()).toContain("/usr/bin/node");
    expect(await home.uninstall()).toMatchObject({ kind: "restored" });
    expect(home.read()).toContain("mine");
  });
});

describe("TOML", () => {
  test("everything else stays byte for byte, before and after", async () => {
    const key = fc.stringMatching(/^[a-z][a-z-]{0,6}$/);
    const table = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean()));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(key, fc.oneof(fc.string(), table)),
        fc.dictionary(key, table),
        fc.constantFrom("", "# note\n", "\n\n", "# no line end"),
        async (data, servers, end) => {
          using home = new Home("codex");
          const text = stringify({ ...data, mcp_servers: servers }) + end;
          home.write(text);
          await home.install();
          expect(home.read().startsWith(text)).toBe(true);
          expect(parse(home.read())).toMatchObject({ mcp_servers: { "op-mcp": command } });
          home.write(`${home.read()}\n[later]\nx = 1\n`);
          await home.uninstall();
          expect(parse(home.read())).toEqual(parse(`${text}\n[later]\nx = 1\n`));
        },
      ),
      { seed: 9, numRuns: 60 },
    );
  });

  test("environment and neighbours with similar names are told apart", async () => {
    using home = new Home("codex");
    const before = '[mcp_servers.op-mcp-two]\ncommand = "x"\n';
    home.write(before);
    await home.install({ entry: { ...toEntry(home.client, { ...command, env: { A: "1" } }) } });
    expect(parse(home.read())).toMatchObject({ mcp_servers: { "op-mcp": { env: { A: "1" } } } });
    home.write(`# changed\n${home.read()}`);
    expect(await home.uninstall()).toMatchObject({ kind: "removed" });
    expect(home.read()).toBe(`# changed\n${before}`);
  });
});
