import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";
import type { Environment } from "../config/environment.ts";

/** How a client starts op-mcp. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What tells how op-mcp itself was started. */
export interface ServerCommandOptions {
  readonly env: Environment;
  /** The Node that runs. */
  readonly execPath: string;
  /** `bin/op-mcp.cjs`, as it was started. */
  readonly entry: string;
}

/**
 * The command that starts this very op-mcp again: `npx -y op-mcp` when npx runs it, `op-mcp` when that is what the
 * user's PATH leads to, and otherwise, as from a checkout, the absolute paths of Node and of the entry.
 */
export function findServerCommand({ env, execPath, entry }: ServerCommandOptions): ServerCommand {
  const file = realPath(entry);
  if (file.includes(`${sep}_npx${sep}`)) return { command: "npx", args: ["-y", "op-mcp"] };
  const isInstalled = file.includes(`${sep}node_modules${sep}`);
  if (isInstalled && findOnPath("op-mcp", env) === file) return { command: "op-mcp", args: [] };
  return { command: execPath, args: [file] };
}

function findOnPath(name: string, env: Environment): string | undefined {
  const directories = (env["PATH"] ?? "").split(delimiter).filter(isForEverybody);
  const found = directories.map((path) => join(path, name)).find(isExecutable);
  return found === undefined ? undefined : realPath(found);
}

/** Package managers put a project's programs before the PATH of what they run; a client will not have those. */
function isForEverybody(directory: string): boolean {
  return isAbsolute(directory) && !directory.includes(`${sep}node_modules${sep}.bin`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
