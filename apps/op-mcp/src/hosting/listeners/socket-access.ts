import { execFile } from "node:child_process";
import { chmod, chown } from "node:fs/promises";
import { promisify } from "node:util";

const unchanged = -1;

/** The number of a user, by number or by name as the machine's user database knows it. */
export async function findUid(user: string, signal: AbortSignal): Promise<number> {
  if (/^\d+$/u.test(user)) return Number(user);
  const { stdout } = await promisify(execFile)("id", ["-u", "--", user], { signal });
  return Number(stdout.trim());
}

async function findGid(group: string, signal: AbortSignal): Promise<number> {
  if (/^\d+$/u.test(group)) return Number(group);
  const { stdout } = await promisify(execFile)("getent", ["group", group], { signal });
  return Number(stdout.split(":")[2]);
}

/** Lets others connect to a socket as well. */
export async function shareSocket(
  path: string,
  { mode, group }: { readonly mode: number; readonly group?: string },
  signal: AbortSignal,
): Promise<void> {
  if (group !== undefined) await chown(path, unchanged, await findGid(group, signal));
  await chmod(path, mode);
}
