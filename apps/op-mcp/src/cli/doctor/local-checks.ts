import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { resolveDirectories } from "../../config/directories.ts";
import type { Environment } from "../../config/environment.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import type { DoctorCheck } from "../cli-system.ts";
import type { SelfCheck } from "./stdio-self-check.ts";

/** Whether the Node that runs is one op-mcp supports. */
export function checkNode(version: string): DoctorCheck {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  if (major >= 24) return { name: "Node", status: "ok", detail: version };
  return { name: "Node", status: "fail", detail: version, advice: "Use Node 24 or newer." };
}

/** Whether services of the machine can ask for permission: they never ask root. */
export function checkUser(uid: number): DoctorCheck {
  if (uid !== 0) return { name: "User", status: "ok", detail: `uid ${uid}` };
  const detail = "root, whom no service asks for permission";
  const advice =
    "Run op-mcp as a user of its own; while it is root, its access rules alone protect this machine.";
  return { name: "User", status: "warn", detail, advice };
}

/** Which configuration files are in use. */
export function checkConfig({ files }: LoadedConfig): DoctorCheck {
  const list = files.map(({ file, layer }) => `${file} (${layer})`).join(", ");
  const detail = files.length === 0 ? "built-in values; no file is in use" : list;
  return { name: "Configuration", status: "ok", detail };
}

/** Whether the directories op-mcp writes to can be written. */
export function checkDirectories(
  { config }: LoadedConfig,
  env: Environment,
): readonly DoctorCheck[] {
  const { cache, state } = resolveDirectories(config.paths, env);
  return [
    checkDirectory("Cache directory", cache, "paths.cacheDir"),
    checkDirectory("State directory", state, "paths.stateDir"),
  ];
}

/** What the self-check of the stdio server found. */
export function checkSelf(found: SelfCheck): DoctorCheck {
  const name = "MCP on stdio";
  const { problems, server, listedTools, firstListMs, leaveMs } = found;
  if (problems.length > 0) {
    const advice = "Run op-mcp --log-level debug by hand to see more.";
    return { name, status: "fail", detail: problems.join(" "), advice };
  }
  const times = `first list after ${Math.round(firstListMs)} ms, left ${Math.round(leaveMs)} ms after the end of stdin`;
  return { name, status: "ok", detail: `${server} lists ${listedTools} tools; ${times}` };
}

/** A step that failed as a whole. */
export function failedCheck(name: string, error: unknown): DoctorCheck {
  const detail = error instanceof Error ? error.message : String(error);
  const advice =
    error instanceof Error && "advice" in error && typeof error.advice === "string"
      ? { advice: error.advice }
      : {};
  return { name, status: "fail", detail, ...advice };
}

function checkDirectory(name: string, directory: string, key: string): DoctorCheck {
  const existing = nearestExisting(directory);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    const advice = `Make ${existing} writable, or set ${key} to another directory.`;
    return { name, status: "fail", detail: `${directory} cannot be written`, advice };
  }
  const remark = existing === directory ? "" : " (made when needed)";
  return { name, status: "ok", detail: `${directory}${remark}` };
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
