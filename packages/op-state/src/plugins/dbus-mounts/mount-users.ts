import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../files/open-folder.ts";

/** Says which programs use what is mounted at a path: `sleep (123)`. Those that may not be looked at are not named. */
export async function mountUsers(root: string, target: string): Promise<readonly string[]> {
  const proc = join(root, "proc");
  const pids = (await readdir(proc)).filter((name) => /^\d+$/u.test(name));
  const users = pids.map(async (pid) => {
    const folder = join(proc, pid);
    const isUser = (await pathsOf(folder)).some(
      (path) => path === target || path.startsWith(`${target}/`),
    );
    return isUser ? [`${(await nameOf(folder)).trim()} (${pid})`] : [];
  });
  return (await Promise.all(users)).flat();
}

async function pathsOf(folder: string): Promise<readonly string[]> {
  const files = await ifAlive(readdir(join(folder, "fd")), []);
  const links = ["cwd", "root", "exe", ...files.map((name) => `fd/${name}`)];
  return Promise.all(links.map((name) => ifAlive(readlink(join(folder, name)), "")));
}

function nameOf(folder: string): Promise<string> {
  return ifAlive(readFile(join(folder, "comm"), "utf8"), "a program");
}

/** Programs end while they are looked at. */
async function ifAlive<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(codeOf(error) ?? "")) return otherwise;
    throw error;
  }
}
