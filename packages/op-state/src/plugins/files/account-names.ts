import { join } from "node:path";
import { readIfThere } from "./read-if-there.ts";

/** Names of one kind of account, both ways. */
export interface NameTable {
  readonly idOf: (name: string) => number | undefined;
  readonly nameOf: (id: number) => string;
}

/** Users and groups of the files below a root. */
export interface AccountNames {
  readonly users: NameTable;
  readonly groups: NameTable;
}

/** Reads the names of users and groups from the files below a root, not from its directory services. */
export async function readAccountNames(root: string): Promise<AccountNames> {
  const [users, groups] = await Promise.all([
    readTable(join(root, "etc/passwd")),
    readTable(join(root, "etc/group")),
  ]);
  return { users, groups };
}

async function readTable(path: string): Promise<NameTable> {
  const ids = new Map<string, number>();
  const names = new Map<number, string>();
  for (const line of (await readIfThere(path)).split("\n")) {
    const [name = "", , digits = ""] = line.split(":");
    if (name === "" || !/^\d+$/u.test(digits)) continue;
    ids.set(name, Number(digits));
    if (!names.has(Number(digits))) names.set(Number(digits), name);
  }
  return {
    idOf: (name) => ids.get(name) ?? (/^\d+$/u.test(name) ? Number(name) : undefined),
    nameOf: (id) => names.get(id) ?? String(id),
  };
}
