import { chmod } from "node:fs/promises";
import { describe, expect } from "vitest";
import { Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";

interface WrongInput {
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** Files of the home, by their names. */
  readonly files?: Record<string, string>;
  readonly code: number;
  /** What the message says, without the name of the program before it. */
  readonly says: RegExp;
}

const schemaTold = /do not fit its schema\.\n/.source;

/** By what is wrong. */
const wrongInputs: Record<string, WrongInput> = {
  "an unknown command": {
    args: ["tols"],
    code: 64,
    says: /^There is no command "tols"\.\nDid you mean tools\?\n$/,
  },
  "an unknown flag": {
    args: ["tools", "--sorce", "builtin"],
    code: 64,
    says: /^There is no flag --sorce here\.\nDid you mean --source\?\n$/,
  },
  "a wrong value of a flag": {
    args: ["--log-level", "loud", "tools"],
    code: 64,
    says: /^--log-level cannot be "loud"\.\nIt is one of debug, info, warn, error, silent\.\n$/,
  },
  "a flag without its value": {
    args: ["tools", "--risk"],
    code: 64,
    says: /^--risk needs a value/,
  },
  "a missing name": { args: ["call"], code: 64, says: /^`op-mcp call` needs NAME\.\n/ },
  "one thing too many": {
    args: ["call", "get_system_info", "{}", "{}"],
    code: 64,
    says: /^`op-mcp call` does not know what to do with "{}"\.\n/,
  },
  "an unknown client": {
    args: ["init", "emacs"],
    code: 64,
    says: /^CLIENT cannot be "emacs"\.\nIt is one of claude-desktop, /,
  },
  "arguments that are not JSON": {
    args: ["call", "check_command_exists", '{"command": }'],
    code: 65,
    says: /^The arguments are not JSON: .* at line 1, column 13\.\n.*\n +\^\nGive them as one JSON/,
  },
  "arguments that are no object": {
    args: ["call", "check_command_exists", '["sh"]'],
    code: 65,
    says: /^The arguments are not a JSON object\.\n/,
  },
  "a missing argument": {
    args: ["call", "check_command_exists", "{}"],
    code: 65,
    says: new RegExp(`${schemaTold}- command: is required and missing\\.\n`),
  },
  "an argument of a wrong type": {
    args: ["call", "check_command_exists", '{"command": 3}'],
    code: 65,
    says: new RegExp(`${schemaTold}- command: expected string, got 3`),
  },
  "an unknown argument": {
    args: ["call", "check_command_exists", '{"command": "sh", "comand": "sh"}'],
    code: 65,
    says: new RegExp(`${schemaTold}- comand: is not known\\. Did you mean "command"\\?\n`),
  },
  "a file of arguments that is not there": {
    args: ["call", "check_command_exists", "@gone.json"],
    code: 66,
    says: /^The arguments cannot be read: .*gone\.json/,
  },
  "an unknown tool": {
    args: ["call", "get_sytem_info"],
    code: 69,
    says: /^There is no tool named "get_sytem_info"\.\nDid you mean get_system_info\?\n$/,
  },
  "a configuration file that is not there": {
    args: ["--config", "gone.json", "tools"],
    code: 78,
    says: /^The configuration cannot be read:\n {2}.*gone\.json: .*\n$/,
  },
  "a configuration file that is a directory": {
    args: ["--config", "/", "tools"],
    code: 78,
    says: /^The configuration cannot be read:\n {2}\/: is not a file\.\n$/,
  },
  "an unknown key": {
    args: ["tools"],
    files: { ".op-mcp.json": '{\n  "log": { "levl": "debug" }\n}' },
    code: 78,
    says: /\.op-mcp\.json:2: log\.levl is not a known key\. Did you mean log\.level\?\n/,
  },
  "a wrong value": {
    args: ["tools"],
    files: { "config/op-mcp/config.yaml": "tools:\n  maxTools: many\n" },
    code: 78,
    says: /config\.yaml:2: tools\.maxTools must be a number/,
  },
  "a broken file": {
    args: ["tools"],
    files: { ".op-mcp.toml": "[log\nlevel = 1\n" },
    code: 78,
    says: /\.op-mcp\.toml: .* at line 1, column \d+\.\n/,
  },
  "an unknown variable": {
    args: ["tools"],
    env: { OP_MCP_LOG__LEVL: "debug" },
    code: 78,
    says: /OP_MCP_LOG__LEVL: is not a known variable\. Did you mean OP_MCP_LOG__LEVEL\?\n/,
  },
  "a wrong value of a variable": {
    args: ["tools"],
    env: { MCP_MAX_TOOLS: "many" },
    code: 78,
    says: /MCP_MAX_TOOLS: tools\.maxTools must be a number, not "many"\.\n/,
  },
  "a server that cannot start": {
    args: [],
    env: { OP_MCP_DISCLOSURE__MODE: "all" },
    code: 78,
    says: /OP_MCP_DISCLOSURE__MODE: disclosure\.mode must be "direct" or "search" or "auto"\.\n/,
  },
};

async function expectOneMessage(
  installation: Installation,
  { args, code, says }: WrongInput,
): Promise<void> {
  const run = await installation.run(args);
  expect(run).toMatchObject({ code, stdout: "" });
  const [nothing, message, ...more] = run.stderr.split(/^op-mcp: /m);
  expect([nothing, more]).toEqual(["", []]);
  expect(message).toMatch(says);
  expect(message).not.toMatch(/^ +at /m);
}

describe("wrong input", () => {
  for (const [what, wrong] of Object.entries(wrongInputs)) {
    verifies("cli.wrong-input", what, async () => {
      await using installation = await Installation.create(wrong.env);
      for (const [name, text] of Object.entries(wrong.files ?? {})) {
        await installation.write(name, text);
      }
      await expectOneMessage(installation, wrong);
    });
  }

  verifies("cli.wrong-input", "a configuration file with the wrong permissions", async () => {
    await using installation = await Installation.create();
    const file = await installation.write("config.json", "{}");
    const isRoot = process.geteuid?.() === 0;
    // Root reads everything, and must not trust what others can write.
    await chmod(file, isRoot ? 0o666 : 0o000);
    await expectOneMessage(installation, {
      args: ["--config", file, "tools"],
      code: 78,
      says: isRoot ? /can be written by other users, .*chmod go-w\.\n/ : /cannot be read: EACCES/,
    });
  });
});
