import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { resourceId } from "../../plugin/resource-id.ts";
import type { Problem, ResourceChange } from "../../plugin/state-plugin.ts";
import { lstatIfThere } from "../files/lstat-if-there.ts";
import { codeOf } from "../files/open-folder.ts";
import { goalOf, isToUnmount } from "./diff-mount.ts";
import { parseFstabLine } from "./fstab.ts";
import { parseMountDesired } from "./mount-desired.ts";
import { readLiveMounts, readMounts, type LiveMounts } from "./mount-state.ts";
import { mountUsers } from "./mount-users.ts";

type Finding = Omit<Problem, "resource">;

/** Says what would make changes of mounts fail: a device that is not there, a file system that is in use. */
export async function checkMounts(
  root: string,
  changes: readonly ResourceChange[],
): Promise<readonly Problem[]> {
  if (changes.length === 0) return [];
  const live = await readLiveMounts(root);
  const table = await tableFinding(root);
  const problems = changes.map(async (change) => {
    const findings = table ?? (await findingsOf(root, change, live));
    const resource = resourceId("mounts", change.key);
    return findings.map((finding) => ({ resource, ...finding }));
  });
  return (await Promise.all(problems)).flat();
}

async function tableFinding(root: string): Promise<readonly Finding[] | undefined> {
  try {
    await access(join(root, "etc"), constants.W_OK);
    return undefined;
  } catch (error) {
    const isReadOnly = codeOf(error) === "EROFS";
    const reason = isReadOnly
      ? "the file system of /etc/fstab is read-only."
      : "/etc/fstab may not be written to.";
    return [{ reason }];
  }
}

async function findingsOf(
  root: string,
  { key, desired, before }: ResourceChange,
  live: LiveMounts,
): Promise<readonly Finding[]> {
  const entry = (await readMounts(root, [key])).get(key)?.entry;
  const goal =
    desired === null
      ? undefined
      : goalOf(key, parseMountDesired(desired), parseFstabLine(entry?.line ?? ""));
  const isBusyIfUsed =
    goal === undefined ? before?.["mounted"] === true : isToUnmount(before ?? {}, goal);
  return [
    ...(isBusyIfUsed ? await useFindings(root, key, live) : []),
    ...(goal === undefined ? [] : await sourceFindings(root, goal.entry.source, goal.entry.type)),
    ...(await folderFindings(root, key)),
  ];
}

async function useFindings(
  root: string,
  target: string,
  live: LiveMounts,
): Promise<readonly Finding[]> {
  const below = [...live.keys()].filter((path) => path.startsWith(`${target}/`));
  const users = await mountUsers(root, target);
  return [
    ...(below.length === 0
      ? []
      : [{ reason: `${below.join(", ")} is mounted below it: unmount that first.`, solvedBy: [] }]),
    ...(users.length === 0
      ? []
      : [
          {
            reason: `it is used by ${users.slice(0, 5).join(", ")}: end that first.`,
            solvedBy: [],
          },
        ]),
  ];
}

async function sourceFindings(
  root: string,
  source: string,
  type: string,
): Promise<readonly Finding[]> {
  if (source === "" || type === "") return [{ reason: "declare its source and its type." }];
  if (!source.startsWith("/")) return [];
  const isThere = (await lstatIfThere(join(root, source))) !== undefined;
  return isThere ? [] : [{ reason: `there is no ${source}.`, solvedBy: [] }];
}

async function folderFindings(root: string, target: string): Promise<readonly Finding[]> {
  const found = await lstatIfThere(join(root, target));
  if (found === undefined || found.isDirectory()) return [];
  return [{ reason: "it is no folder, so nothing can be mounted there." }];
}
