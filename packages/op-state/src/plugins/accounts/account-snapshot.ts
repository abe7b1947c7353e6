import { z } from "zod";
import { PlacedLine } from "../files/placed-line.ts";
import type { AccountTables } from "./account-files.ts";
import {
  fieldsOf,
  listOf,
  nameOfLine,
  placedEntry,
  withPlacedEntry,
  type AccountTable,
} from "./account-table.ts";

const Placed = PlacedLine.nullable();

/** Where lists of users are, in both files of groups, and in the one of their secrets. */
const [membersColumn, adminsColumn] = [3, 2];

/** Everything about a group that is brought back by a rollback, as JSON. */
export const GroupSnapshot = z.strictObject({ group: Placed, gshadow: Placed });

const Memberships = z.record(z.string(), z.string());

/** Everything about a user that is brought back by a rollback, as JSON. */
export const UserSnapshot = z.strictObject({
  passwd: Placed,
  shadow: Placed,
  /** The group of the user's own name. */
  own: GroupSnapshot,
  /** Lists of members that the user is in, by group. */
  members: z.strictObject({ group: Memberships, gshadow: Memberships }),
  /** Lists of administrators that the user is in, by group. */
  admins: Memberships,
});

/** Everything about a group that is brought back by a rollback. */
export type GroupSnapshot = z.output<typeof GroupSnapshot>;

/** Everything about a user that is brought back by a rollback. */
export type UserSnapshot = z.output<typeof UserSnapshot>;

/** Saves a group. */
export function saveGroup({ group, gshadow }: AccountTables, name: string): GroupSnapshot {
  return { group: placedEntry(group, name), gshadow: placedEntry(gshadow, name) };
}

/** Brings a group back, with its members. */
export function restoreGroup(
  tables: AccountTables,
  name: string,
  saved: GroupSnapshot,
): AccountTables {
  return {
    ...tables,
    group: withPlacedEntry(tables.group, name, saved.group),
    gshadow: withPlacedEntry(tables.gshadow, name, saved.gshadow),
  };
}

/** Saves a user. */
export function saveUser(tables: AccountTables, name: string): UserSnapshot {
  const members = (table: AccountTable, column = membersColumn) =>
    Object.fromEntries(
      table.flatMap((line) => {
        const list = line.split(":")[column] ?? "";
        return listOf(list).includes(name) ? [[nameOfLine(line), list] as const] : [];
      }),
    );
  return {
    passwd: placedEntry(tables.passwd, name),
    shadow: placedEntry(tables.shadow, name),
    own: saveGroup(tables, name),
    members: { group: members(tables.group), gshadow: members(tables.gshadow) },
    admins: members(tables.gshadow, adminsColumn),
  };
}

/** Brings a user back. Groups stay as others have made them meanwhile, but for this user in them. */
export function restoreUser(
  tables: AccountTables,
  name: string,
  saved: UserSnapshot,
): AccountTables {
  const wasThere = saved.passwd !== null;
  const isThere = fieldsOf(tables.passwd, name) !== undefined;
  const isOwnThere = fieldsOf(tables.group, name) !== undefined;
  // The group of its own came and goes with the user; otherwise it is none of its business.
  const isOwnConcerned = wasThere !== isThere && isOwnThere !== (saved.own.group !== null);
  const grouped = isOwnConcerned ? restoreGroup(tables, name, saved.own) : tables;
  return {
    passwd: withPlacedEntry(grouped.passwd, name, saved.passwd),
    shadow: withPlacedEntry(grouped.shadow, name, saved.shadow),
    group: withMembers(grouped.group, name, saved.members.group),
    gshadow: withMembers(
      withMembers(grouped.gshadow, name, saved.members.gshadow),
      name,
      saved.admins,
      adminsColumn,
    ),
  };
}

function withMembers(
  table: AccountTable,
  name: string,
  saved: Readonly<Record<string, string>>,
  column = membersColumn,
): AccountTable {
  return table.map((line) => {
    const fields = line.split(":");
    const [group = ""] = fields;
    const now = fields[column];
    if (now === undefined) return line;
    return fields.with(column, membersOf(listOf(now), name, saved[group])).join(":");
  });
}

function membersOf(now: readonly string[], name: string, saved: string | undefined): string {
  const others = now.filter((one) => one !== name);
  if (saved === undefined) return others.join(",");
  const list = listOf(saved);
  const before = list.slice(0, list.indexOf(name)).toReversed();
  const neighbour = before.find((one) => others.includes(one));
  const index = neighbour === undefined ? -1 : others.indexOf(neighbour);
  return others.toSpliced(index + 1, 0, name).join(",");
}
