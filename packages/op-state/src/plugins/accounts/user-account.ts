import { z } from "zod";
import { StateChangeError } from "../../state-error.ts";
import type { AccountTables } from "./account-files.ts";
import {
  fieldsOf,
  idsOf,
  listOf,
  nameOfId,
  nameOfLine,
  withEntry,
  withoutEntry,
  type AccountTable,
} from "./account-table.ts";
import { freeId, type IdRanges } from "./id-range.ts";
import type { UserDesired } from "./user-desired.ts";

/** A user as people see it: without its password. */
export const UserAccount = z.strictObject({
  uid: z.int(),
  /** The name of the primary group, or its number where it has none. */
  group: z.string(),
  comment: z.string(),
  home: z.string(),
  shell: z.string(),
  groups: z.array(z.string()),
  locked: z.boolean(),
});

/** A user as people see it. */
export type UserAccount = z.output<typeof UserAccount>;

/** Reads a user; null when there is none. */
export function readUser(tables: AccountTables, name: string): UserAccount | null {
  const fields = fieldsOf(tables.passwd, name);
  if (fields === undefined) return null;
  const [, , uid = "", gid = "", comment = "", home = "", shell = ""] = fields;
  return {
    uid: Number(uid),
    group: nameOfId(tables.group, gid) ?? gid,
    comment,
    home,
    shell,
    groups: groupsOf(tables, name),
    locked: passwordOf(tables, name).startsWith("!"),
  };
}

/** Whether a user has a password, locked or not. */
export function hasPassword(tables: AccountTables, name: string): boolean {
  return passwordOf(tables, name).replace(/^!+/u, "").length > 1;
}

/** Makes or changes a user. Throws `ERR_STATE_CHANGE` for a group that is not there. */
export function withUser(
  tables: AccountTables,
  name: string,
  wanted: UserDesired,
  ranges: IdRanges,
): AccountTables {
  const isNew = fieldsOf(tables.passwd, name) === undefined;
  const made = isNew ? withNewUser(tables, name, wanted, ranges) : tables;
  const [, secret = "x", uid = "", ...old] = fieldsOf(made.passwd, name) ?? [];
  const [gid = "", comment = "", home = "", shell = ""] = old;
  const passwd = withEntry(made.passwd, [
    name,
    secret,
    uid,
    wanted.group === undefined ? gid : gidOf(made, wanted.group),
    wanted.comment ?? comment,
    wanted.home ?? home,
    wanted.shell ?? shell,
  ]);
  const grouped =
    wanted.groups === undefined ? made : withMemberships(made, name, new Set(wanted.groups));
  return withLock({ ...grouped, passwd }, name, wanted.locked);
}

/** Takes a user away, from every group too, and the group that was only its own. */
export function withoutUser(tables: AccountTables, name: string): AccountTables {
  const gid = fieldsOf(tables.passwd, name)?.[3];
  const rest = withMemberships(
    {
      ...tables,
      passwd: withoutEntry(tables.passwd, name),
      shadow: withoutEntry(tables.shadow, name),
    },
    name,
    new Set(),
  );
  const free = { ...rest, gshadow: rest.gshadow.map((line) => withoutAdmin(line, name)) };
  const own = fieldsOf(free.group, name);
  const isUsed = rest.passwd.some((line) => line.split(":")[3] === own?.[2]);
  if (gid === undefined || own?.[2] !== gid || isUsed || listOf(own[3]).length > 0) return free;
  const [group, gshadow] = [withoutEntry(free.group, name), withoutEntry(free.gshadow, name)];
  return { ...free, group, gshadow };
}

/** Groups may have administrators, who need not be in them. */
function withoutAdmin(line: string, name: string): string {
  const fields = line.split(":");
  const admins = listOf(fields[2]);
  if (!admins.includes(name)) return line;
  return fields.with(2, admins.filter((one) => one !== name).join(",")).join(":");
}

function passwordOf(tables: AccountTables, name: string): string {
  return fieldsOf(tables.shadow, name)?.[1] ?? fieldsOf(tables.passwd, name)?.[1] ?? "";
}

function groupsOf({ group }: AccountTables, name: string): string[] {
  return group
    .filter((line) => listOf(line.split(":")[3]).includes(name))
    .map(nameOfLine)
    .toSorted();
}

function gidOf({ group }: AccountTables, name: string): string {
  const gid = fieldsOf(group, name)?.[2];
  if (gid !== undefined) return gid;
  throw new StateChangeError(`groups:${name}`, "there is no such group.");
}

function withNewUser(
  tables: AccountTables,
  name: string,
  wanted: UserDesired,
  ranges: IdRanges,
): AccountTables {
  const kind = wanted.system === true ? "service" : "person";
  const uid = wanted.uid ?? freeId(idsOf(tables.passwd), ranges.users[kind], kind);
  const own = wanted.group ?? name;
  const isGroupThere = wanted.group !== undefined || fieldsOf(tables.group, own) !== undefined;
  const used = idsOf(tables.group);
  const gid = used.has(uid) ? freeId(used, ranges.groups[kind], kind) : uid;
  const grouped = isGroupThere ? tables : withGroup(tables, own, gid);
  const shell = kind === "service" ? "/usr/sbin/nologin" : "/bin/bash";
  const entry = [name, "x", String(uid), gidOf(grouped, own), "", `/home/${name}`, shell];
  return {
    ...grouped,
    passwd: withEntry(grouped.passwd, entry),
    shadow: withEntry(grouped.shadow, [name, "!", String(today()), "0", "99999", "7", "", "", ""]),
  };
}

/** Makes a group that has no members. */
export function withGroup(tables: AccountTables, name: string, gid: number): AccountTables {
  return {
    ...tables,
    group: withEntry(tables.group, [name, "x", String(gid), ""]),
    gshadow: withEntry(tables.gshadow, [name, "!", "", ""]),
  };
}

/** In days, as the file has it. */
function today(): number {
  return Math.floor(Date.now() / 86_400_000);
}

function withMemberships(
  tables: AccountTables,
  name: string,
  groups: ReadonlySet<string>,
): AccountTables {
  for (const group of groups) gidOf(tables, group);
  const update = (table: AccountTable) =>
    table.map((line) => {
      const fields = line.split(":");
      const [group = "", , , members] = fields;
      if (members === undefined) return line;
      const list = listOf(members);
      if (list.includes(name) === groups.has(group)) return line;
      const kept = groups.has(group) ? [...list, name] : list.filter((one) => one !== name);
      return fields.with(3, kept.join(",")).join(":");
    });
  return { ...tables, group: update(tables.group), gshadow: update(tables.gshadow) };
}

function withLock(
  tables: AccountTables,
  name: string,
  isLocked: boolean | undefined,
): AccountTables {
  const table = fieldsOf(tables.shadow, name) === undefined ? "passwd" : "shadow";
  const fields = fieldsOf(tables[table], name);
  const password = fields?.[1] ?? "";
  if (fields === undefined || isLocked === undefined || password.startsWith("!") === isLocked) {
    return tables;
  }
  const after = isLocked ? `!${password}` : password.replace(/^!+/u, "");
  return { ...tables, [table]: withEntry(tables[table], fields.with(1, after)) };
}
