import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Directories } from "../config/directories.ts";
import type { AuditSettings } from "./audit-settings.ts";

/** Where the audit logs lie, and the key that signs them. */
export interface AuditPlaces {
  /** Each op-mcp that runs writes a log of its own in here, because a log has one writer. */
  readonly root: string;
  readonly keyPath: string;
}

/** One log below the root. */
export interface AuditLogPlace {
  /** Names the log beside its siblings, from `1` on. */
  readonly name: string;
  readonly directory: string;
}

/** Applies the defaults to what is configured. Creates nothing. */
export function resolveAuditPlaces(
  { path, keyPath }: Pick<AuditSettings, "path" | "keyPath">,
  { state }: Directories,
): AuditPlaces {
  return {
    root: path === "" ? join(state, "audit") : resolve(path),
    keyPath: keyPath === "" ? join(state, "keys", "audit.pem") : resolve(keyPath),
  };
}

/** The name that this machine's audit key has in signatures. */
export function auditKeyName(): string {
  return `${hostname()}/op-mcp/audit`;
}

/** The directory of the log that has this number. */
export function placeOf(root: string, number: number): AuditLogPlace {
  return { name: String(number), directory: join(root, String(number)) };
}

/** Every log there is, whether it is written now or not. */
export async function listLogs(root: string): Promise<readonly AuditLogPlace[]> {
  const numbers = (await namesIn(root)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  return numbers.toSorted((a, b) => a - b).map((number) => placeOf(root, number));
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
