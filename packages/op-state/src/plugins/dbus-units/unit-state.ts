import { readdir } from "node:fs/promises";
import type { JsonObject, JsonValue } from "op-core";
import { z } from "zod";
import { codeOf, openFolder, splitPath } from "../files/open-folder.ts";
import { FileSnapshot, readSnapshots } from "../files/file-snapshot.ts";
import type { UnitBus } from "./unit-bus.ts";
import { dropInFolder, unitPath } from "./unit-desired.ts";

/** Everything about a unit that is brought back by a rollback, as JSON. */
export const UnitSnapshot = z.strictObject({
  /** As `systemctl is-enabled` says it; empty when there is no such file. */
  fileState: z.string(),
  isLoaded: z.boolean(),
  isActive: z.boolean(),
  /** Its own file, the folder of its drop-ins, and the drop-ins, by path. */
  files: z.record(z.string(), FileSnapshot),
});

/** Everything about a unit that is brought back by a rollback. */
export type UnitSnapshot = z.output<typeof UnitSnapshot>;

/** Where units are looked at. */
export interface UnitReader {
  readonly units: UnitBus;
  readonly root: string;
}

/** Reads a unit from systemd and from the administrator's folder. */
export async function readUnit(
  { units, root }: UnitReader,
  unit: string,
  signal: AbortSignal,
): Promise<UnitSnapshot> {
  const folder = dropInFolder(unit);
  const names = await listFolder(root, folder);
  const paths = [unitPath(unit), folder, ...names.map((name) => `${folder}/${name}`)];
  const files = await readSnapshots(root, paths, signal);
  return { ...(await units.look(unit, signal)), files: Object.fromEntries(files) };
}

async function listFolder(root: string, path: string): Promise<readonly string[]> {
  const { folder, name } = splitPath(path);
  await using opened = await openFolder(root, [...folder, name]);
  if (opened === undefined) return [];
  try {
    return (await readdir(opened.at("."))).toSorted();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** A unit as people see it; null when there is none. */
export function toUnitValue(unit: string, snapshot: UnitSnapshot): JsonObject | null {
  const { fileState, isLoaded, isActive, files } = snapshot;
  const texts = Object.entries(files).flatMap(([path, file]) =>
    file.type === "file" ? [[nameOf(unit, path), textOf(file.contentBase64)] as const] : [],
  );
  if (fileState === "" && !isLoaded && texts.length === 0) return null;
  const masked = isMasked(snapshot);
  return {
    active: isActive,
    masked,
    ...(masked ? {} : { enabled: isEnabled(snapshot) }),
    ...Object.fromEntries<JsonValue>(texts),
  };
}

/** Whether nobody can start the unit. */
export function isMasked({ fileState }: Pick<UnitSnapshot, "fileState">): boolean {
  return fileState === "masked" || fileState === "masked-runtime";
}

/** Whether the unit starts with what wants it. */
export function isEnabled({ fileState }: Pick<UnitSnapshot, "fileState">): boolean {
  return fileState === "enabled" || fileState === "enabled-runtime";
}

/** How a property of a unit is called that is a file. */
function nameOf(unit: string, path: string): string {
  return path === unitPath(unit) ? "content" : `drop-in ${splitPath(path).name}`;
}

function textOf(contentBase64: string): string {
  return Buffer.from(contentBase64, "base64").toString("utf8");
}
