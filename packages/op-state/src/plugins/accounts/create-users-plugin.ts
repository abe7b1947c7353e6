import type { JsonObject, JsonValue } from "op-core";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type { DesiredValue, ResourceChange, StatePlugin } from "../../plugin/state-plugin.ts";
import { watchSources } from "../files/watch-sources.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { accountFiles, accountsProblem, editAccounts, readAccounts } from "./account-files.ts";
import { restoreUser, saveUser, UserSnapshot } from "./account-snapshot.ts";
import type { AccountsPluginOptions } from "./accounts-plugin-options.ts";
import { checkUser } from "./check-user.ts";
import { readIdRanges } from "./id-range.ts";
import { readUser, UserAccount, withoutUser, withUser } from "./user-account.ts";
import { accountNamePattern, parseUserDesired, UserDesired } from "./user-desired.ts";

/**
 * Makes the plugin of users. It edits the files itself, under the lock that the programs for it take: what it does not
 * change keeps its place, and a rollback brings every line back. It never shows passwords, nor their hashes.
 */
export function createUsersPlugin({ root = "/" }: AccountsPluginOptions = {}): StatePlugin {
  return {
    name: "users",
    version: "1",
    keys: { pattern: accountNamePattern, meaning: "the name of a user, such as ada" },
    schema: jsonSchemaOf(UserDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: async (keys, { signal }) => {
      const tables = await readAccounts({ root, signal });
      return new Map(
        keys.map((key) => {
          const value = readUser(tables, key);
          return [key, { value, fingerprint: fingerprintOf(value) }];
        }),
      );
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => diffUser(one, current.get(one.key)?.value ?? null) ?? []),
    check: async (changes, { signal }) => {
      if (changes.length === 0) return [];
      const reason = await accountsProblem({ root, signal });
      if (reason !== undefined) {
        return changes.map(({ key }) => ({ resource: resourceId("users", key), reason }));
      }
      const tables = await readAccounts({ root, signal });
      const problems = changes.map((change) => checkUser(change, { root, tables, changes }));
      return (await Promise.all(problems)).flat();
    },
    apply: async ({ key, desired }, { signal }) => {
      const ranges = await readIdRanges(root);
      await editAccounts({ root, signal }, (tables) =>
        desired === null
          ? withoutUser(tables, key)
          : withUser(tables, key, parseUserDesired(desired), ranges),
      );
    },
    checkpoint: async (keys, { signal }) => {
      const tables = await readAccounts({ root, signal });
      return new Map(keys.map((key) => [key, saveUser(tables, key)]));
    },
    describe: async (key, saved, { signal }) => {
      const now = await readAccounts({ root, signal });
      return { value: readUser(restoreUser(now, key, UserSnapshot.parse(saved)), key) };
    },
    rollback: async (key, saved, { signal }) => {
      const snapshot = UserSnapshot.parse(saved);
      await editAccounts({ root, signal }, (tables) => restoreUser(tables, key, snapshot));
    },
    watch: (keys, { signal }) => watchSources({ root, keys, files: accountFiles }, signal),
  };
}

function diffUser(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
): ResourceChange | undefined {
  const change = { key, desired, isReversible: true };
  if (desired === null) {
    if (before === null) return undefined;
    const requires = [resourceId("groups", UserAccount.parse(before).group)];
    return { ...change, action: "delete", risk: "destructive", before, after: null, requires };
  }
  const after = toValue(key, parseUserDesired(desired), before);
  const names = Object.keys(after).filter(
    (name) => fingerprintOf(after[name] ?? null) !== fingerprintOf(before?.[name] ?? null),
  );
  if (names.length === 0) return undefined;
  const pick = (from: JsonObject) =>
    Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return {
    ...change,
    action: before === null ? "create" : "update",
    risk: "privileged",
    before: before === null ? null : pick(before),
    after: pick(after),
    requires: groupsOf(desired),
  };
}

/** What is declared, and of a new user what comes by itself. */
function toValue(name: string, wanted: UserDesired, before: JsonObject | null): JsonObject {
  const { groups, system = false, ...rest } = wanted;
  const given: readonly (readonly [string, JsonValue])[] = Object.entries(rest).flatMap(
    ([property, value]) => (value === undefined ? [] : [[property, value] as const]),
  );
  const declared = {
    ...Object.fromEntries(given),
    ...(groups === undefined ? {} : { groups: [...new Set(groups)].toSorted() }),
  };
  if (before !== null) return declared;
  const shell = system ? "/usr/sbin/nologin" : "/bin/bash";
  const uid = "the next that is free";
  return { uid, group: name, home: `/home/${name}`, shell, locked: true, ...declared };
}

function groupsOf(desired: JsonObject): readonly string[] {
  const { group, groups = [] } = parseUserDesired(desired);
  const names = group === undefined ? groups : [group, ...groups];
  return names.map((name) => resourceId("groups", name));
}
