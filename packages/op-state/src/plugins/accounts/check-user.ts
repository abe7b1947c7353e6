import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "op-core";
import { resourceId } from "../../plugin/resource-id.ts";
import type { Problem, ResourceChange } from "../../plugin/state-plugin.ts";
import { codeOf } from "../files/open-folder.ts";
import type { AccountTables } from "./account-files.ts";
import { fieldsOf, nameOfId } from "./account-table.ts";
import { hasPassword } from "./user-account.ts";
import { parseUserDesired, type UserDesired } from "./user-desired.ts";

/** What a change of a user is checked against. */
export interface CheckUserOptions {
  readonly root: string;
  readonly tables: AccountTables;
  readonly changes: readonly ResourceChange[];
}

type Finding = Omit<Problem, "resource">;

/** Says what would make a change of a user fail, or harm. */
export async function checkUser(
  change: ResourceChange,
  options: CheckUserOptions,
): Promise<readonly Problem[]> {
  const { key, desired, before } = change;
  const findings =
    desired === null
      ? await removalFindings(options.root, before)
      : await settingFindings(change, parseUserDesired(desired), options);
  return findings.map((finding) => ({ resource: resourceId("users", key), ...finding }));
}

async function removalFindings(
  root: string,
  before: JsonObject | null,
): Promise<readonly Finding[]> {
  const uid = Number(before?.["uid"]);
  if (uid === 0) return [{ reason: "it is root." }];
  const processes = await processesOf(root, uid);
  if (processes.length === 0) return [];
  const named = processes.slice(0, 5).join(", ");
  return [{ reason: `it runs processes (${named}): end them first.` }];
}

async function settingFindings(
  { key, before, action }: ResourceChange,
  wanted: UserDesired,
  { root, tables, changes }: CheckUserOptions,
): Promise<readonly Finding[]> {
  const { uid, group, groups = [], shell } = wanted;
  const missing = [...groups, ...(group === undefined ? [] : [group])].filter(
    (name) => fieldsOf(tables.group, name) === undefined,
  );
  const isShellThere = shell === undefined || (await canRun(join(root, shell)));
  const isUnlockable = wanted.locked !== false || hasPassword(tables, key);
  return [
    ...(uid === undefined ? [] : uidFindings({ key, uid, before, action }, tables, changes)),
    ...missing.map((name) => ({
      reason: `there is no group ${name}.`,
      solvedBy: [resourceId("groups", name)],
    })),
    ...(isShellThere ? [] : [{ reason: `there is no program ${shell}.`, solvedBy: [] }]),
    ...(isUnlockable
      ? []
      : [
          { reason: `it has no password, so unlocked it would let anybody in: run passwd ${key}.` },
        ]),
  ];
}

interface UidClaim {
  readonly key: string;
  readonly uid: number;
  readonly before: JsonObject | null;
  readonly action: ResourceChange["action"];
}

function uidFindings(
  { key, uid, before, action }: UidClaim,
  { passwd }: AccountTables,
  changes: readonly ResourceChange[],
): readonly Finding[] {
  const has = before?.["uid"];
  if (action === "update") {
    const reason = `it has the number ${Number(has)}, by which files belong to it: that cannot be changed.`;
    return has === uid ? [] : [{ reason }];
  }
  const owner = nameOfId(passwd, String(uid));
  if (owner !== undefined) return [{ reason: `${owner} has the number ${uid}.` }];
  const isTwice = changes.some((other) => other.key !== key && other.desired?.["uid"] === uid);
  return isTwice ? [{ reason: `another user is declared with the number ${uid}.` }] : [];
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function processesOf(root: string, uid: number): Promise<readonly string[]> {
  const names = await namesIn(join(root, "proc"));
  const owned = names.map(async (name) =>
    (await ownerOf(join(root, "proc", name))) === uid ? [name] : [],
  );
  return (await Promise.all(owned)).flat();
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).filter((name) => /^\d+$/u.test(name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Processes end while they are looked at. */
async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).uid;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return undefined;
    throw error;
  }
}
