import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "./environment.ts";
import type { PathsConfig } from "./paths-config.ts";

/** The directories op-mcp writes to, as absolute paths. */
export interface Directories {
  readonly cache: string;
  readonly state: string;
}

/** Applies the XDG defaults to what is configured. Creates nothing. */
export function resolveDirectories(paths: PathsConfig, env: Environment): Directories {
  return {
    cache:
      paths.cacheDir === "" ? xdgPath(env, "XDG_CACHE_HOME", ".cache") : resolve(paths.cacheDir),
    state:
      paths.stateDir === ""
        ? xdgPath(env, "XDG_STATE_HOME", ".local/state")
        : resolve(paths.stateDir),
  };
}

/** Where the user's own configuration file is looked for. */
export function userConfigDir(env: Environment): string {
  return xdgPath(env, "XDG_CONFIG_HOME", ".config");
}

/** The XDG rule: an unset, empty or relative variable counts for nothing. */
function xdgPath(env: Environment, variable: string, fallback: string): string {
  const value = env[variable] ?? "";
  return value.startsWith("/") ? join(value, "op-mcp") : join(homeOf(env), fallback, "op-mcp");
}

/** The user's home directory. */
export function homeOf(env: Environment): string {
  const home = env["HOME"] ?? "";
  return home.startsWith("/") ? home : homedir();
}
