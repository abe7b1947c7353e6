import type { JsonObject } from "op-core";
import { z } from "zod";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type {
  DesiredValue,
  Problem,
  ResourceChange,
  StatePlugin,
} from "../../plugin/state-plugin.ts";
import { StateChangeError } from "../../state-error.ts";
import { watchSources } from "../files/watch-sources.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import {
  accountFiles,
  accountsProblem,
  editAccounts,
  readAccounts,
  type AccountTables,
} from "./account-files.ts";
import { GroupSnapshot, restoreGroup, saveGroup } from "./account-snapshot.ts";
import { fieldsOf, idsOf, nameOfId, nameOfLine, withoutEntry } from "./account-table.ts";
import type { AccountsPluginOptions } from "./accounts-plugin-options.ts";
import { freeId, readIdRanges, type IdRanges } from "./id-range.ts";
import { withGroup } from "./user-account.ts";
import { AccountId, accountNamePattern } from "./user-desired.ts";

/** What can be declared of a group. */
const GroupDesired = z.strictObject({
  gid: AccountId.optional().meta({
    description: "The group's number. Of a group that exists it cannot be changed.",
  }),
  system: z.boolean().optional().meta({
    description: "Whether a new group is for a service: its number is chosen for that.",
  }),
});

/**
 * Makes the plugin of groups. Who is in them is declared of users. It edits the files itself, under the lock that the
 * programs for it take: what it does not change keeps its place, and a rollback brings every line back.
 */
export function createGroupsPlugin({ root = "/" }: AccountsPluginOptions = {}): StatePlugin {
  return {
    name: "groups",
    version: "1",
    keys: { pattern: accountNamePattern, meaning: "the name of a group, such as deploy" },
    schema: jsonSchemaOf(GroupDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: async (keys, { signal }) => {
      const tables = await readAccounts({ root, signal });
      return new Map(
        keys.map((key) => {
          const value = readGroup(tables, key);
          return [key, { value, fingerprint: fingerprintOf(value) }];
        }),
      );
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => diffGroup(one, current.get(one.key)?.value ?? null) ?? []),
    check: async (changes, { signal }) => {
      const reason = changes.length === 0 ? undefined : await accountsProblem({ root, signal });
      const tables = await readAccounts({ root, signal });
      return changes.flatMap((change) => {
        const id = resourceId("groups", change.key);
        if (reason !== undefined) return [{ resource: id, reason }];
        return checkGroup(change, changes, tables);
      });
    },
    apply: async ({ key, desired }, { signal }) => {
      const ranges = await readIdRanges(root);
      await editAccounts({ root, signal }, (tables) => {
        if (desired === null) return withoutGroup(tables, key);
        return fieldsOf(tables.group, key) === undefined
          ? withNewGroup(tables, key, GroupDesired.parse(desired), ranges)
          : tables;
      });
    },
    checkpoint: async (keys, { signal }) => {
      const tables = await readAccounts({ root, signal });
      return new Map(keys.map((key) => [key, saveGroup(tables, key)]));
    },
    describe: async (key, saved, { signal }) => {
      const now = await readAccounts({ root, signal });
      return { value: readGroup(restoreGroup(now, key, GroupSnapshot.parse(saved)), key) };
    },
    rollback: async (key, saved, { signal }) => {
      const snapshot = GroupSnapshot.parse(saved);
      await editAccounts({ root, signal }, (tables) => restoreGroup(tables, key, snapshot));
    },
    watch: (keys, { signal }) => watchSources({ root, keys, files: accountFiles }, signal),
  };
}

function readGroup({ group }: AccountTables, name: string): JsonObject | null {
  const fields = fieldsOf(group, name);
  return fields === undefined ? null : { gid: Number(fields[2]) };
}

function diffGroup(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
): ResourceChange | undefined {
  const change = { key, desired, isReversible: true, before, requires: [] };
  if (desired === null) {
    if (before === null) return undefined;
    return { ...change, action: "delete", risk: "destructive", after: null };
  }
  const { gid = before?.["gid"] ?? "the next that is free" } = GroupDesired.parse(desired);
  if (before?.["gid"] === gid) return undefined;
  const action = before === null ? "create" : "update";
  return { ...change, action, risk: "privileged", after: { gid } };
}

function checkGroup(
  { key, desired, before, action }: ResourceChange,
  changes: readonly ResourceChange[],
  tables: AccountTables,
): readonly Problem[] {
  const resource = resourceId("groups", key);
  if (desired === null) {
    const user = primaryUser(tables, key);
    if (user === undefined) return [];
    const reason = `it is the primary group of ${user}: give that user another, or remove it too.`;
    return [{ resource, reason, solvedBy: [resourceId("users", user)] }];
  }
  const { gid } = GroupDesired.parse(desired);
  if (action === "update") {
    const reason = `it has the number ${Number(before?.["gid"])}, by which files belong to it: that cannot be changed.`;
    return [{ resource, reason }];
  }
  const owner = gid === undefined ? undefined : nameOfId(tables.group, String(gid));
  if (owner !== undefined) return [{ resource, reason: `${owner} has the number ${gid}.` }];
  const isTwice = changes.some((other) => other.key !== key && other.desired?.["gid"] === gid);
  return gid !== undefined && isTwice
    ? [{ resource, reason: `another group is declared with the number ${gid}.` }]
    : [];
}

function primaryUser({ passwd, group }: AccountTables, name: string): string | undefined {
  const gid = fieldsOf(group, name)?.[2];
  const line = passwd.find((entry) => entry.split(":")[3] === gid);
  return gid === undefined || line === undefined ? undefined : nameOfLine(line);
}

function withNewGroup(
  tables: AccountTables,
  name: string,
  { gid, system }: z.output<typeof GroupDesired>,
  { groups }: IdRanges,
): AccountTables {
  const kind = system === true ? "service" : "person";
  const used = idsOf(tables.group);
  if (gid !== undefined && used.has(gid)) {
    throw new StateChangeError(`groups:${name}`, `another group has the number ${gid}.`);
  }
  return withGroup(tables, name, gid ?? freeId(used, groups[kind], kind));
}

function withoutGroup(tables: AccountTables, name: string): AccountTables {
  const user = primaryUser(tables, name);
  if (user !== undefined) {
    throw new StateChangeError(`groups:${name}`, `it is the primary group of ${user}.`);
  }
  const [group, gshadow] = [withoutEntry(tables.group, name), withoutEntry(tables.gshadow, name)];
  return { ...tables, group, gshadow };
}
