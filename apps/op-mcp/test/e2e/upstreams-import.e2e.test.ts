import { describe, expect } from "vitest";
import { configure } from "./upstream-fixtures.ts";
import { Shell } from "./upstreams-shell.ts";
import { verifies } from "./verifies.ts";

/** A server that is called as its arguments say, and leaves where the first is wrong. */
const namedByArguments = `
  const [first, ...others] = process.argv.slice(1);
  if (first !== "--key=correct-horse") { console.error("wrong key: " + first + " " + others); process.exit(1); }
  const say = (value) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...value }) + "\\n");
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    if (method === "initialize") say({ id, result: { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: others.join(" "), version: "1" } } });
    else if (method === "tools/list") say({ id, result: { tools: [] } });
    else if (id !== undefined) say({ id, error: { code: -32601, message: "no" } });
  });`;

verifies(
  "upstreams.values",
  "in arguments, from where they are kept, and nowhere else",
  async () => {
    await using shell = await Shell.open();
    const { installation } = shell;
    const secret = await installation.write("secret", "correct-horse\n");
    const values = { KEY: `file:${secret}`, MODE: "env:UNSET_MODE", NEVER: "env:NEVER" };
    const command = process.execPath;
    const args = ["-e", namedByArguments, "--", "--key=${KEY}", "${MODE:-plain}", "${OTHER}"];
    await configure(installation, { keyed: { command, args, values } });
    const tested = await shell.run("test", "keyed");
    expect(tested.stdout, tested.stderr).toContain("plain ${OTHER} 1 answers");
    for (const verb of [
      ["inspect", "keyed"],
      ["list"],
      ["list", "--json"],
      ["inspect", "keyed", "--json"],
    ]) {
      const { stdout, stderr } = await shell.run(...verb);
      expect(stdout + stderr).not.toContain("correct-horse");
    }
    await installation.write("secret", "other-horse");
    const wrong = await shell.run("test", "keyed");
    expect(wrong.stderr).toContain("wrong key: --key=[redacted] plain,${OTHER}");
    const atHome = {
      command,
      args: ["-e", "console.error(process.argv[1]); process.exit(1)", "--", "${HOME}/x"],
    };
    await configure(installation, { keyed: { ...atHome, values: { HOME: "env:HOME" } } });
    expect((await shell.run("test", "keyed")).stderr).toContain(`"${installation.home}/x"`);
    await configure(installation, { keyed: { command, args: ["${NEVER}"], values } });
    expect((await shell.run("test", "keyed")).stderr).toContain(
      "The secret env:NEVER cannot be read",
    );
    await configure(installation, { keyed: { url: "${KEY}/mcp", values } });
    const nowhere = await shell.run("test", "keyed");
    expect(nowhere.stderr).toContain("its URL is none when its values are filled in");
    expect(nowhere.stderr).not.toContain("horse");
  },
);

verifies("upstreams.import", "and back, for every client", async () => {
  await using shell = await Shell.open();
  const file = await shell.installation.write(
    "claude.json",
    JSON.stringify({
      mcpServers: {
        files: { command: "npx", args: ["-y", "server", "/srv"], env: { TOKEN: "${FILES_TOKEN}" } },
        far: { type: "http", url: "https://far.example/mcp", headers: { "x-team": "a" } },
        self: { command: "npx", args: ["op-mcp"] },
        broken: { args: [] },
      },
    }),
  );
  const imported = await shell.json("import", "claude-desktop", "--file", file);
  expect(imported).toMatchObject({
    added: {
      files: { command: "npx", secretEnv: { TOKEN: "env:FILES_TOKEN" } },
      far: { url: "https://far.example/mcp", headers: { "x-team": "a" } },
    },
    skipped: expect.arrayContaining([expect.objectContaining({ name: "self" })]),
  });
  expect(await shell.config()).not.toContain("broken");
  for (const client of [
    "claude-desktop",
    "claude-code",
    "cursor",
    "vscode",
    "codex",
    "gemini-cli",
  ]) {
    const exported = await shell.run("export", client);
    const name = client === "codex" ? "config.toml" : "config.json";
    const path = await shell.installation.write(`${client}/${name}`, exported.stdout);
    const back = await shell.json("import", client, "--file", path, "--print", "--force");
    expect(back).toMatchObject({
      added: {
        files: { command: "npx", secretEnv: { TOKEN: "env:FILES_TOKEN" } },
        far: { url: "https://far.example/mcp" },
      },
    });
  }
});

/** What clients write in words of their own. */
const dialects = [
  {
    client: "codex",
    file: "config.toml",
    text: `[mcp_servers.figma]
url = "https://mcp.figma.com/mcp"
bearer_token_env_var = "FIGMA_TOKEN"
env_http_headers = { "X-Team" = "TEAM" }
startup_timeout_sec = 20
tool_timeout_sec = 1.5
enabled_tools = ["get"]
disabled_tools = ["put"]
`,
    added: {
      figma: {
        auth: { token: "env:FIGMA_TOKEN" },
        secretHeaders: { "X-Team": "env:TEAM" },
        connectTimeoutMs: 20_000,
        requestTimeoutMs: 1500,
        tools: [
          { match: "put", hide: true },
          { match: "get", hide: false },
          { match: "*", hide: true },
        ],
      },
    },
    notes: [],
  },
  {
    client: "gemini-cli",
    file: "settings.json",
    text: '{"mcpServers":{"py":{"command":"py","timeout":9000,"trust":true,"env":{"K":"$KEY"}}}}',
    added: { py: { requestTimeoutMs: 9000, secretEnv: { K: "env:KEY" } } },
    notes: [{ name: "py", note: "not taken over: trust" }],
  },
  {
    client: "vscode",
    file: "mcp.json",
    text: '{ // Mine\n"servers":{"s":{"command":"node","args":["${workspaceFolder}/s.js"]}}}',
    added: { s: { command: "node" } },
    notes: [{ name: "s", note: expect.stringContaining("${workspaceFolder} stays") }],
  },
  {
    client: "claude-code",
    file: ".mcp.json",
    text: '{"mcpServers":{"b":{"type":"http","url":"https://b.example/mcp","headers":{"Authorization":"Bearer ${B}"}}}}',
    added: { b: { auth: { token: "env:B" } } },
    notes: [],
  },
  {
    client: "claude-code",
    file: ".mcp.json",
    text: `{"mcpServers":{
      "far":{"type":"http","url":"\${BASE:-https://far.example}/mcp","headers":{"X-Key":"k \${KEY}"}},
      "near":{"command":"\${BIN:-node}","args":["--db=\${DB}","$HOME"],"env":{"A":"\${A:-1}","B":"\${B}"}}}}`,
    added: {
      far: {
        url: "${BASE:-https://far.example}/mcp",
        headers: { "X-Key": "k ${KEY}" },
        values: { BASE: "env:BASE", KEY: "env:KEY" },
      },
      near: {
        command: "${BIN:-node}",
        args: ["--db=${DB}", "$HOME"],
        env: { A: "${A:-1}" },
        secretEnv: { B: "env:B" },
        values: { BIN: "env:BIN", DB: "env:DB", A: "env:A" },
      },
    },
    notes: [],
  },
  {
    client: "vscode",
    file: "project/.vscode/mcp.json",
    text: `{"inputs":[{"type":"promptString","id":"api-key","description":"The key","password":true},
      {"type":"pickString","id":"mode","options":["a","b"],"default":"a"}],
      "servers":{"s":{"command":"node","args":["\${workspaceFolder}/s.js","--key=\${input:api-key}","\${input:mode}","\${userHome}\${/}x","\${env:T}"],
      "env":{"K":"\${input:api-key}"}}}}`,
    added: {
      s: {
        args: [
          expect.stringMatching(/^\/.*\/project\/s\.js$/u),
          "--key=${api-key}",
          "${mode:-a}",
          expect.stringMatching(/^\/.*\/x$/u),
          "${T}",
        ],
        secretEnv: { K: "env:API_KEY" },
        values: { "api-key": "env:API_KEY", mode: "env:MODE", T: "env:T" },
      },
    },
    notes: [
      {
        name: "s",
        note: expect.stringMatching(/asks for \$\{input:api-key\} \(The key\).*API_KEY/u),
      },
      { name: "s", note: expect.stringContaining("asks for ${input:mode}") },
    ],
    isOnce: true,
  },
  {
    client: "gemini-cli",
    file: "settings.json",
    text: '{"mcpServers":{"g":{"command":"g","args":["--key","$KEY","${B:-c}"],"includeTools":["one","two"],"excludeTools":["two"]}}}',
    added: {
      g: {
        args: ["--key", "${KEY}", "${B:-c}"],
        values: { KEY: "env:KEY", B: "env:B" },
        tools: [
          { match: "two", hide: true },
          { match: "one", hide: false },
          { match: "two", hide: false },
          { match: "*", hide: true },
        ],
      },
    },
    notes: [],
  },
  {
    client: "cursor",
    file: "mcp.json",
    text: '{"mcpServers":{"old":{"url":"http://localhost:3000/sse"}}}',
    added: { old: { type: "sse" } },
    notes: [],
  },
];

describe.each(dialects)("from $client", ({ client, file, text, added, notes, isOnce = false }) => {
  verifies(
    "upstreams.import",
    `in words of its own (${client}: ${Object.keys(added).join(", ")})`,
    async () => {
      await using shell = await Shell.open();
      const path = await shell.installation.write(`theirs/${file}`, text);
      expect(await shell.json("import", client, "--file", path)).toMatchObject({ added, notes });
      const exported = await shell.run("export", client);
      const back = await shell.installation.write(`back/${file}`, exported.stdout);
      const again = await shell.json("import", client, "--file", back, "--print", "--force");
      // What a client asks a person for is written back as a variable, and folders as what they are.
      const written = Object.fromEntries(
        Object.keys(added).map((name) => [name, expect.anything()]),
      );
      expect(again).toMatchObject({ added: isOnce ? written : added });
    },
  );
});

verifies("upstreams.import", "of which it is said what a client has no word for", async () => {
  await using shell = await Shell.open();
  const tools = [
    { match: "get-*", hide: true },
    { match: "put", hide: true },
  ];
  const secretEnv = { KEY: "file:/run/key", OTHER: "env:OTHER" };
  await configure(shell.installation, { s: { command: "x", tools, secretEnv } });
  const codex = await shell.run("export", "codex");
  expect(codex.stdout).toContain('disabled_tools = [ "put" ]');
  expect(codex.stderr).toMatch(/s: .*get-\*/u);
  expect(codex.stderr).toMatch(/s: .*KEY/u);
  expect(codex.stderr).not.toContain("OTHER");
  const { stderr } = await shell.run("export", "cursor");
  expect(stderr).toMatch(/s: .*get-\*, put/u);
});
