import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findServerCommand } from "../../src/clients/server-command.ts";

const root = mkdtempSync(join(tmpdir(), "op-mcp-command-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

function place(path: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

const execPath = "/opt/node/bin/node";

describe("findServerCommand", () => {
  test("names Node and the entry of a checkout absolutely", () => {
    const entry = place("checkout/apps/op-mcp/bin/op-mcp.cjs");
    expect(findServerCommand({ env: {}, execPath, entry })).toEqual({
      command: execPath,
      args: [entry],
    });
  });

  test("uses the short name where the PATH leads here", () => {
    const entry = place("lib/node_modules/op-mcp/bin/op-mcp.cjs");
    mkdirSync(join(root, "bin"));
    symlinkSync(entry, join(root, "bin/op-mcp"));
    const env = { PATH: `relative:${join(root, "bin")}` };
    expect(findServerCommand({ env, execPath, entry })).toEqual({ command: "op-mcp", args: [] });
    expect(findServerCommand({ env: { PATH: "/nowhere" }, execPath, entry })).toEqual({
      command: execPath,
      args: [entry],
    });
  });

  test("does not trust the PATH that a package manager made for one run", () => {
    const entry = place("project/node_modules/op-mcp/bin/op-mcp.cjs");
    const programs = join(root, "project/node_modules/.bin");
    mkdirSync(programs);
    symlinkSync(entry, join(programs, "op-mcp"));
    expect(findServerCommand({ env: { PATH: programs }, execPath, entry })).toEqual({
      command: execPath,
      args: [entry],
    });
  });

  test("goes through npx again", () => {
    const entry = place("cache/_npx/1234/node_modules/op-mcp/bin/op-mcp.cjs");
    expect(findServerCommand({ env: {}, execPath, entry })).toEqual({
      command: "npx",
      args: ["-y", "op-mcp"],
    });
  });
});
