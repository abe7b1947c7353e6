import { readdirSync, readFileSync } from "node:fs";

/** How many processes there are, and how many of them have ended without anybody noticing. */
export function countProcesses(): { readonly total: number; readonly zombies: number } {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  return { total: pids.length, zombies: pids.filter(isZombie).length };
}

function isZombie(pid: string): boolean {
  try {
    return / Z /u.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/su, ""));
  } catch {
    return false;
  }
}
