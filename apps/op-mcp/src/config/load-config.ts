import type { JsonObject } from "op-core";
import { type ConfigFile, configPlaces, readPlace } from "./config-files.ts";
import { ConfigInvalidError, type ConfigProblem, ConfigUnreadableError } from "./config-error.ts";
import { type ConfigLayer, mergeLayers, type Origin, valueAt } from "./config-layer.ts";
import { configLeaves } from "./config-leaf.ts";
import { describeIssue } from "./describe-issue.ts";
import { readEnvironment } from "./environment-layer.ts";
import { configFileVariable } from "./environment-names.ts";
import type { Environment } from "./environment.ts";
import { readFlags } from "./flag-layer.ts";
import type { FlagSetting } from "./flag-setting.ts";
import { OpMcpConfig } from "./op-mcp-config.ts";
import { isSettableByProject } from "./project-keys.ts";

/** What the configuration is made of. */
export interface LoadConfigOptions {
  readonly env: Environment;
  /** Where the project's own file is looked for. */
  readonly cwd: string;
  /** The one file that replaces the usual ones, as `--config` names it. */
  readonly file?: string | undefined;
  readonly settings?: readonly FlagSetting[] | undefined;
  /** `/etc/op-mcp` unless told. */
  readonly systemDir?: string | undefined;
}

/** The configuration, and where it comes from. */
export interface LoadedConfig {
  readonly config: OpMcpConfig;
  /** The files in use, from the weakest to the strongest. */
  readonly files: readonly ConfigFile[];
  /** Remarks for the debug log. */
  readonly notes: readonly string[];
  /** Where the value at `keys` was said. */
  readonly originOf: (keys: readonly string[]) => Origin;
}

/**
 * Reads defaults < `/etc/op-mcp` < the user's file < the project's file < environment < flags. Every problem of every
 * layer is reported at once, by `ERR_CONFIG_INVALID`, or by `ERR_CONFIG_UNREADABLE` when a file cannot be read.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const file = options.file ?? (options.env[configFileVariable] || undefined);
  const places = await Promise.all(configPlaces({ ...options, file }).map(readPlace));
  const environment = readEnvironment(options.env);
  const flags = readFlags(options.settings ?? []);
  const layers = [...places.flatMap((place) => place.layers), environment.layer, flags.layer];
  const invalid = [
    ...places.flatMap((place) => place.invalid),
    ...environment.problems,
    ...flags.problems,
    ...layers.flatMap(problemsOf),
    ...places.flatMap((place) => place.layers).flatMap(trespasses),
  ];
  const unreadable = places.flatMap((place) => place.unreadable);
  if (unreadable.length > 0) throw new ConfigUnreadableError([...unreadable, ...invalid]);
  if (invalid.length > 0) throw new ConfigInvalidError(invalid);
  const merged = mergeLayers(layers);
  return {
    config: parseMerged(merged),
    files: places.flatMap((place) => place.files),
    notes: environment.notes,
    originOf: merged.originOf,
  };
}

/** What a project's file says beyond what a project may. */
function trespasses(layer: ConfigLayer): readonly ConfigProblem[] {
  return configLeaves().flatMap((leaf) => {
    if (isSettableByProject(leaf.path) || valueAt(layer.values, leaf.keys) === undefined) return [];
    const { where, line, layer: kind } = layer.originOf(leaf.keys);
    if (kind !== "project") return [];
    const place = line === undefined ? { where } : { where, line };
    const advice = "Set it in your own file, or name this one with --config.";
    return [{ ...place, path: leaf.path, message: "cannot be set by a project's file", advice }];
  });
}

/** Each layer is checked by itself: a wrong value is told also where a stronger layer hides it. */
function problemsOf(layer: ConfigLayer): readonly ConfigProblem[] {
  if (Object.keys(layer.values).length === 0) return [];
  const parsed = OpMcpConfig.safeParse(layer.values);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => describeIssue(issue, layer.originOf));
}

function parseMerged(merged: {
  values: JsonObject;
  originOf: ConfigLayer["originOf"];
}): OpMcpConfig {
  const parsed = OpMcpConfig.safeParse(merged.values);
  if (parsed.success) return parsed.data;
  throw new ConfigInvalidError(
    parsed.error.issues.flatMap((issue) => describeIssue(issue, merged.originOf)),
  );
}
