import { hash } from "node:crypto";
import type { JsonObject } from "op-core";
import { resourceId } from "../../plugin/resource-id.ts";
import type {
  DesiredValue,
  ResourceChange,
  ResourceState,
  StateRisk,
} from "../../plugin/state-plugin.ts";
import type { AccountNames, NameTable } from "./account-names.ts";
import { contentOf, parseFileDesired, type FileDesired } from "./file-desired.ts";
import type { FileSnapshot } from "./file-snapshot.ts";

/** Longer content is shown by its hash. */
const longestShownBytes = 64 * 1024;

/** Properties that tell what is in a file. */
const contentNames = ["content", "sha256"];

function secretsOf(isSecret: boolean): { readonly secrets?: readonly string[] } {
  return isSecret ? { secrets: contentNames } : {};
}

/** Whether others than its owner and group may not read a file of this mode. */
function isUnreadable(value: JsonObject | null): boolean {
  const mode = value?.["mode"];
  return typeof mode === "string" && (Number.parseInt(mode, 8) & 0o004) === 0;
}

/** A file as its owner sees it. */
function toValue(snapshot: FileSnapshot, accounts: AccountNames): JsonObject | null {
  if (snapshot.type === "absent") return null;
  if (snapshot.type === "symlink") return { type: "symlink", target: snapshot.target };
  if (snapshot.type === "other") return { type: "other" };
  const value = {
    type: snapshot.type,
    mode: octal(snapshot.mode),
    owner: accounts.users.nameOf(snapshot.uid),
    group: accounts.groups.nameOf(snapshot.gid),
  };
  if (snapshot.type === "directory") return value;
  return { ...value, ...shownContent(Buffer.from(snapshot.contentBase64, "base64")) };
}

/** A file as people see it, and what of it only those may see who may read the file. */
export function toShown(
  snapshot: FileSnapshot,
  { accounts, isPrivate }: { readonly accounts: AccountNames; readonly isPrivate: boolean },
): Omit<ResourceState, "fingerprint"> {
  const value = toValue(snapshot, accounts);
  return { value, ...secretsOf(isPrivate || isUnreadable(value)) };
}

/** What a file is compared with. */
export interface DiffFileOptions {
  readonly current: JsonObject | null;
  /** Whether not everybody may read what is there. */
  readonly isPrivate: boolean;
  /** The paths that are declared beside it. */
  readonly known: ReadonlySet<string>;
  readonly accounts: AccountNames;
}

/** What has to happen to a file; undefined when it is as desired. */
export function diffFile(
  { key, desired }: DesiredValue,
  { current, isPrivate, known, accounts }: DiffFileOptions,
): ResourceChange | undefined {
  const wanted = desired === null ? null : parseFileDesired(desired);
  const after = wanted === null ? null : afterOf(wanted, current, accounts);
  if (after === null ? current === null : current !== null && isSame(after, current)) {
    return undefined;
  }
  const action = current === null ? "create" : after === null ? "delete" : "update";
  return {
    key,
    desired,
    action,
    risk: riskOf(action, wanted),
    isReversible: true,
    before: current,
    after,
    requires: [
      ...foldersOf(key)
        .filter((path) => known.has(path))
        .map((path) => resourceId("files", path)),
      ...ownersOf(wanted),
    ],
    ...secretsOf(isPrivate || isUnreadable(after)),
  };
}

function afterOf(
  wanted: FileDesired,
  current: JsonObject | null,
  { users, groups }: AccountNames,
): JsonObject {
  const type = wanted.type ?? "file";
  const kept = current?.["type"] === type ? current : defaultsOf(type);
  const content = contentOf(wanted);
  const { content: _text, sha256: _hash, bytes: _bytes, ...rest } = kept;
  return {
    ...(content === undefined ? kept : { ...rest, ...shownContent(content) }),
    type,
    ...(wanted.mode === undefined ? {} : { mode: wanted.mode.padStart(4, "0") }),
    ...(wanted.owner === undefined ? {} : { owner: usualName(wanted.owner, users) }),
    ...(wanted.group === undefined ? {} : { group: usualName(wanted.group, groups) }),
  };
}

/** An account may be declared by number, and may be made only by this plan. */
function usualName(name: string, accounts: NameTable): string {
  const id = accounts.idOf(name);
  return id === undefined ? name : accounts.nameOf(id);
}

function defaultsOf(type: "file" | "directory"): JsonObject {
  if (type === "directory") return { mode: "0755" };
  return { mode: "0644", ...shownContent(Buffer.alloc(0)) };
}

function isSame(after: JsonObject, current: JsonObject): boolean {
  return Object.entries(after).every(([name, value]) => current[name] === value);
}

function shownContent(content: Buffer): JsonObject {
  const text = content.length <= longestShownBytes ? content.toString("utf8") : undefined;
  const isText = text !== undefined && !text.includes("\0") && Buffer.from(text).equals(content);
  return isText ? { content: text } : { bytes: content.length, sha256: hash("sha256", content) };
}

function riskOf(action: ResourceChange["action"], wanted: FileDesired | null): StateRisk {
  if (action === "delete") return "destructive";
  // A program that runs, and bits that change identities, are more than a file.
  const isPowerful = Number.parseInt(wanted?.mode ?? "0", 8) >= 0o2000;
  return wanted?.validate !== undefined || isPowerful ? "privileged" : "write";
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** A user may bring the group of its own name along. */
function ownersOf(wanted: FileDesired | null): readonly string[] {
  const { owner, group } = wanted ?? {};
  return [
    ...(owner === undefined ? [] : [resourceId("users", owner)]),
    ...(group === undefined ? [] : [resourceId("groups", group), resourceId("users", group)]),
  ];
}

/** The folders above a path. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}
