import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { UnixUser } from "./unix-user.ts";

/** The user this process runs as, with its groups. */
export function ownUnixUser(): UnixUser {
  const groups = new Set([process.getegid?.() ?? [], process.getgroups?.() ?? []].flat());
  return { uid: process.geteuid?.() ?? 0, groups: [...groups] };
}

/** A user with the groups the machine's user database gives it, wherever that lies. */
export async function findUnixUser(uid: number, signal: AbortSignal): Promise<UnixUser> {
  const own = ownUnixUser();
  if (uid === own.uid) return own;
  const { stdout } = await promisify(execFile)("id", ["-G", "--", String(uid)], { signal });
  const groups = stdout.trim().split(/\s+/u).map(Number);
  return { uid, groups };
}
