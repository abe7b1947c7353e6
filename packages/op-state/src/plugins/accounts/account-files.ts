import { constants } from "node:fs";
import { access, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StateChangeError } from "../../state-error.ts";
import { lstatIfThere } from "../files/lstat-if-there.ts";
import { readEntry } from "../files/file-snapshot.ts";
import { codeOf, openFolder, type Folder } from "../files/open-folder.ts";
import { place } from "../files/place-file.ts";
import { waitUntil } from "../wait-until.ts";
import type { AccountTable } from "./account-table.ts";

const names = ["passwd", "shadow", "group", "gshadow"] as const;

/** The paths of the files. */
export const accountFiles: readonly string[] = names.map((name) => `/etc/${name}`);

/** The files that accounts are written in. A machine without one of them has it empty, and it stays away. */
export type AccountTables = Readonly<Record<(typeof names)[number], AccountTable>>;

/** Where accounts are. */
export interface AccountPlace {
  readonly root: string;
  readonly signal: AbortSignal;
}

/** As long as the programs that change passwords wait for each other. */
const lockTimeoutMs = 15_000;

/** Reads accounts as they are. */
export async function readAccounts({ root }: AccountPlace): Promise<AccountTables> {
  await using folder = await openEtc(root);
  return await readTables(folder);
}

/**
 * Changes accounts under the lock that `lckpwdf` takes, and with it useradd, passwd, vipw and systemd-sysusers. Each file is
 * replaced at once, and what others do not concern keeps its place and every byte.
 */
export async function editAccounts(
  { root, signal }: AccountPlace,
  edit: (tables: AccountTables) => AccountTables,
): Promise<void> {
  await using folder = await openEtc(root);
  await using _lock = await lockAccounts(folder, { root, signal });
  const before = await readTables(folder);
  const after = edit(before);
  // Whoever has an entry in passwd has its secrets beside it: they are there first, and go last.
  const isLess = after.passwd.length < before.passwd.length;
  const order = isLess ? names : names.toReversed();
  for (const name of order) {
    if (text(after[name]) !== text(before[name])) await writeTable(folder, name, after[name]);
  }
}

/** Why accounts cannot be changed; undefined when they can. */
export async function accountsProblem({ root }: AccountPlace): Promise<string | undefined> {
  try {
    await access(join(root, "etc"), constants.W_OK);
    await access(join(root, "etc/passwd"), constants.W_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) === "EROFS") return "the file system of /etc is read-only.";
    if (codeOf(error) === "ENOENT") return "there is no /etc/passwd.";
    return "only root may change accounts.";
  }
}

async function openEtc(root: string): Promise<Folder> {
  const folder = await openFolder(root, ["etc"]);
  if (folder === undefined) throw new StateChangeError("accounts", "there is no /etc.");
  return folder;
}

/** `lckpwdf` locks the whole of an empty file, so it stands in the way of SQLite's lock on parts of it, and the other way. */
async function lockAccounts(
  folder: Folder,
  { root, signal }: AccountPlace,
): Promise<AsyncDisposable> {
  const path = await lockPath(folder, root);
  const { tryFileLock } = await import("../../store/try-file-lock.ts");
  let lock: AsyncDisposable | undefined;
  const isLocked = async () => (lock = tryFileLock(path)) !== undefined;
  await waitUntil(isLocked, { timeoutMs: lockTimeoutMs, signal });
  if (lock !== undefined) return lock;
  throw new StateChangeError("accounts", "another program has locked them.", {
    advice: "Wait until it has ended: useradd, passwd and vipw take this lock.",
  });
}

const lockName = ".pwd.lock";

/** SQLite takes the lock where a path leads by its links, which is elsewhere for the root of another mount namespace. */
async function lockPath(folder: Folder, root: string): Promise<string> {
  const file = folder.at(lockName);
  // Opening it only when it is not there: whoever closes a file lets go of every lock that its process has on it.
  if ((await lstatIfThere(file)) === undefined)
    await writeFile(file, "", { flag: "wx", mode: 0o600 });
  const path = join(await realpath(join(root, "etc")), lockName);
  const [meant, found] = await Promise.all([lstatIfThere(file), lstatIfThere(path)]);
  if (meant?.ino === found?.ino && meant?.dev === found?.dev) return path;
  throw new StateChangeError("accounts", `their lock cannot be reached by ${root}.`, {
    advice: "Name a root of this process's own mount namespace.",
  });
}

async function readTables(folder: Folder): Promise<AccountTables> {
  const read = async (name: (typeof names)[number]) => {
    const entry = await readEntry(folder, name);
    if (entry.type === "absent") return [];
    if (entry.type !== "file") {
      throw new StateChangeError("accounts", `/etc/${name} is no file but a ${entry.type}.`);
    }
    const content = Buffer.from(entry.contentBase64, "base64").toString("latin1");
    return content.split("\n").filter((line, index, lines) => index < lines.length - 1 || line);
  };
  const [passwd, shadow, group, gshadow] = await Promise.all([
    read("passwd"),
    read("shadow"),
    read("group"),
    read("gshadow"),
  ]);
  return { passwd, shadow, group, gshadow };
}

async function writeTable(folder: Folder, name: string, table: AccountTable): Promise<void> {
  const old = await readEntry(folder, name);
  if (old.type !== "file") return;
  const { mode, uid, gid } = old;
  const content = Buffer.from(text(table), "latin1");
  await place(folder, name, { type: "file", content, mode, uid, gid });
}

function text(table: AccountTable): string {
  return table.map((line) => `${line}\n`).join("");
}
