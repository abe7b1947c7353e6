import type { JsonObject } from "op-core";
import { ConfigInvalidError, type ConfigProblem, ConfigUnreadableError } from "./config-error.ts";
import type { PlaceReading } from "./config-files.ts";
import { type ConfigLayer, mergeLayers, valueAt } from "./config-layer.ts";
import { configLeaves } from "./config-leaf.ts";
import { describeIssue } from "./describe-issue.ts";
import { readEnvironment } from "./environment-layer.ts";
import type { Environment } from "./environment.ts";
import { readFlags } from "./flag-layer.ts";
import type { FlagSetting } from "./flag-setting.ts";
import type { LoadedConfig } from "./load-config.ts";
import { OpMcpConfig } from "./op-mcp-config.ts";
import { isSettableByProject } from "./project-keys.ts";

/** Everything that says something about the configuration. */
export interface ConfigSources {
  /** What was read from files, the weakest first. */
  readonly places: readonly PlaceReading[];
  readonly env: Environment;
  readonly settings: readonly FlagSetting[];
}

/** Lays all that is said over the defaults, and checks it. Throws as `loadConfig` does. */
export function layConfig({ places, env, settings }: ConfigSources): LoadedConfig {
  const environment = readEnvironment(env);
  const flags = readFlags(settings);
  const fileLayers = places.flatMap((place) => place.layers);
  const layers = [...fileLayers, environment.layer, flags.layer];
  const invalid = [
    ...places.flatMap((place) => place.invalid),
    ...environment.problems,
    ...flags.problems,
    ...layers.flatMap(problemsOf),
    ...fileLayers.flatMap(trespasses),
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
