import { type Stats, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isJsonObject } from "op-core";
import type { ConfigProblem } from "./config-error.ts";
import type { ConfigLayer, LayerKind } from "./config-layer.ts";
import { userConfigDir } from "./directories.ts";
import type { Environment } from "./environment.ts";
import { configExtensions, parseConfigText } from "./parse-config-text.ts";

/** A place where at most one configuration file may be. */
export interface ConfigPlace {
  readonly layer: LayerKind;
  /** The files that are looked for, as absolute paths. */
  readonly candidates: readonly string[];
}

/** A configuration file that is in use. */
export interface ConfigFile {
  readonly layer: LayerKind;
  readonly file: string;
}

/** What one place gave: nothing, a layer, or what is wrong. */
export interface PlaceReading {
  readonly files: readonly ConfigFile[];
  readonly layers: readonly ConfigLayer[];
  /** The file cannot be read, or must not be trusted. */
  readonly unreadable: readonly ConfigProblem[];
  /** The file was read and is wrong. */
  readonly invalid: readonly ConfigProblem[];
}

/** Where files are looked for. */
export interface ConfigPlacesOptions {
  readonly env: Environment;
  readonly cwd: string;
  /** The one file that replaces all others. */
  readonly file?: string | undefined;
  /** `/etc/op-mcp` unless told. */
  readonly systemDir?: string | undefined;
}

/** The reading of a place without a file. */
export const nothingFound: PlaceReading = { files: [], layers: [], unreadable: [], invalid: [] };

/** The places of configuration files, from the weakest to the strongest. */
export function configPlaces({
  env,
  cwd,
  file,
  systemDir,
}: ConfigPlacesOptions): readonly ConfigPlace[] {
  if (file !== undefined) return [{ layer: "file", candidates: [resolve(cwd, file)] }];
  const beside = configExtensions.map((extension) => join(cwd, `.op-mcp.${extension}`));
  return [
    { layer: "system", candidates: inside(systemDir ?? "/etc/op-mcp") },
    { layer: "user", candidates: inside(userConfigDir(env)) },
    { layer: "project", candidates: [...inside(join(cwd, ".op-mcp")), ...beside] },
  ];
}

function inside(directory: string): readonly string[] {
  return configExtensions.map((extension) => join(directory, `config.${extension}`));
}

/** Reads the file of a place. A missing file is fine, except where it was named by the user. */
export async function readPlace(place: ConfigPlace): Promise<PlaceReading> {
  const unreadable: ConfigProblem[] = [];
  const existing = place.candidates.filter((file) => {
    const stats = statFile(file, place.layer === "file", unreadable);
    if (stats === undefined) return false;
    const distrust = whyUntrusted(stats, statSync(dirname(file)), process.geteuid?.() ?? -1);
    if (distrust !== undefined) unreadable.push({ where: file, ...distrust });
    return distrust === undefined;
  });
  if (unreadable.length > 0) return { ...nothingFound, unreadable };
  const [file, second] = existing;
  if (file === undefined) return nothingFound;
  if (second === undefined) return readFile(file, place.layer);
  const message = `and ${second} are both there`;
  return { ...nothingFound, invalid: [{ where: file, message, advice: "Keep one of them." }] };
}

/**
 * Why a file must not be used: it would let another user decide what op-mcp does. Only oneself and root may own it; for
 * root, nobody else may be able to write it or to put another file in its place.
 */
function whyUntrusted(
  file: Pick<Stats, "uid" | "mode">,
  directory: Pick<Stats, "uid" | "mode">,
  uid: number,
): { message: string; advice: string } | undefined {
  const isForeign = (stats: Pick<Stats, "uid">): boolean => stats.uid !== uid && stats.uid !== 0;
  if (isForeign(file)) {
    const advice = "Make it your own with chown, or remove it.";
    return { message: `belongs to another user (uid ${file.uid})`, advice };
  }
  if (uid !== 0) return undefined;
  if ((file.mode & 0o022) !== 0) {
    const advice = "Take the permission away with chmod go-w.";
    return { message: "can be written by other users, and op-mcp runs as root", advice };
  }
  const isSticky = (directory.mode & 0o1000) !== 0;
  if (isForeign(directory) || ((directory.mode & 0o022) !== 0 && !isSticky)) {
    const advice = "Give the directory to root and take the permission away with chmod go-w.";
    return {
      message: "is in a directory that other users can write, and op-mcp runs as root",
      advice,
    };
  }
  return undefined;
}

function statFile(file: string, isNamed: boolean, unreadable: ConfigProblem[]): Stats | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: isNamed });
    if (stats === undefined || stats.isFile()) return stats;
    unreadable.push({ where: file, message: "is not a file" });
  } catch (error) {
    if (isNamed || !isNoDirectory(error))
      unreadable.push({ where: file, message: `cannot be read: ${reason(error)}` });
  }
  return undefined;
}

async function readFile(file: string, layer: LayerKind): Promise<PlaceReading> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const problem = { where: file, message: `cannot be read: ${reason(error)}` };
    return { ...nothingFound, unreadable: [problem] };
  }
  try {
    const { value, lineOf } = await parseConfigText(file, text);
    if (!isJsonObject(value)) {
      return { ...nothingFound, invalid: [{ where: file, message: "must contain an object" }] };
    }
    const originOf: ConfigLayer["originOf"] = (keys) => {
      const line = lineOf(keys);
      return line === undefined ? { layer, where: file } : { layer, where: file, line };
    };
    return { ...nothingFound, files: [{ layer, file }], layers: [{ values: value, originOf }] };
  } catch (error) {
    return { ...nothingFound, invalid: [{ where: file, message: reason(error).trim() }] };
  }
}

/** A path that leads through a file: there is no such place. */
function isNoDirectory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOTDIR";
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
