import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ServerProfile } from "op-protocol/client";
import type { PromptDescriptor, ResourceDescriptor, ResourceTemplateDescriptor } from "op-tools";
import { isJsonObject } from "op-core";

/** What a server offers besides tools. */
export interface OfferedLists {
  readonly resources: readonly ResourceDescriptor[];
  readonly templates: readonly ResourceTemplateDescriptor[];
  readonly prompts: readonly PromptDescriptor[];
}

/** What is known of a server from one run to the next, so that lists start nothing. */
export interface SavedUpstream {
  /** What the server was configured as. */
  readonly fingerprint: string;
  readonly profile?: ServerProfile;
  readonly lists?: OfferedLists;
  /** The last things that went wrong, the newest first. */
  readonly errors?: readonly { readonly at: string; readonly message: string }[];
}

function isSaved(value: unknown): value is SavedUpstream {
  if (!isJsonObject(value) || typeof value["fingerprint"] !== "string") return false;
  const { lists, profile, errors } = value;
  return (
    (profile === undefined || (isJsonObject(profile) && typeof profile["revision"] === "string")) &&
    (errors === undefined || Array.isArray(errors)) &&
    (lists === undefined ||
      (isJsonObject(lists) &&
        ["resources", "templates", "prompts"].every((key) => Array.isArray(lists[key]))))
  );
}

function pathOf(directory: string, name: string): string {
  return join(directory, "upstreams", `${encodeURIComponent(name)}.json`);
}

/** What an earlier run knew; nothing where there was none, or its file cannot be read. */
export async function readSavedUpstream(
  directory: string,
  name: string,
): Promise<SavedUpstream | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(pathOf(directory, name), "utf8"));
    return isSaved(value) ? value : undefined;
  } catch {
    // It is a cache: what cannot be read is found out again.
    return undefined;
  }
}

/** Replaced as a whole, so that no reader sees half of it. */
export async function writeSavedUpstream(
  directory: string,
  name: string,
  saved: SavedUpstream,
): Promise<void> {
  const path = pathOf(directory, name);
  const temporary = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporary, JSON.stringify(saved), { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
