import { ConfigInvalidError, type ConfigProblem, ConfigUnreadableError } from "./config-error.ts";
import type { PlaceReading } from "./config-files.ts";
import { type ConfigLayer, mergeLayers } from "./config-layer.ts";
import { fillConfig, saidLeaves } from "./config-leaf.ts";
import { isSurelyConfig } from "./conforms.ts";
import { readEnvironment } from "./environment-layer.ts";
import type { Environment } from "./environment.ts";
import { readFlags } from "./flag-layer.ts";
import type { FlagSetting } from "./flag-setting.ts";
import type { LoadedConfig } from "./load-config.ts";
import type { OpMcpConfig } from "./op-mcp-config.ts";
import { isSettableByProject } from "./project-keys.ts";

/** Everything that says something about the configuration. */
export interface ConfigSources {
  /** What was read from files, the weakest first. */
  readonly places: readonly PlaceReading[];
  readonly env: Environment;
  readonly settings: readonly FlagSetting[];
  /** Lets others have their turn between the steps, where somebody is served meanwhile. */
  readonly pause?: (() => Promise<unknown>) | undefined;
}

/** Lays all that is said over the defaults, and checks it. Throws as `loadConfig` does. */
export async function layConfig({
  places,
  env,
  settings,
  pause,
}: ConfigSources): Promise<LoadedConfig> {
  const environment = readEnvironment(env);
  const flags = readFlags(settings);
  const fileLayers = places.flatMap((place) => place.layers);
  const layers = [...fileLayers, environment.layer, flags.layer];
  const isSure = layers.every(({ values }) => isSurelyConfig(values));
  const check = isSure ? undefined : await import("./check-layers.ts");
  const invalid = [
    ...places.flatMap((place) => place.invalid),
    ...environment.problems,
    ...flags.problems,
    ...(check?.problemsOf(layers) ?? []),
    ...fileLayers.flatMap(trespasses),
  ];
  const unreadable = places.flatMap((place) => place.unreadable);
  if (unreadable.length > 0) throw new ConfigUnreadableError([...unreadable, ...invalid]);
  if (invalid.length > 0) throw new ConfigInvalidError(invalid);
  await pause?.();
  const merged = mergeLayers(layers);
  return {
    config:
      (isSure ? overDefaults(merged) : undefined) ??
      (await import("./check-layers.ts")).parseMerged(merged),
    files: places.flatMap((place) => place.files),
    originOf: merged.originOf,
  };
}

/** What is said, with the defaults for the rest, where no schema is needed to be sure of it: that of layers that fit. */
function overDefaults({ values }: Pick<ConfigLayer, "values">): OpMcpConfig | undefined {
  const config = fillConfig(values);
  return isSurelyConfig(config) ? config : undefined;
}

/** What a project's file says beyond what a project may. */
function trespasses(layer: ConfigLayer): readonly ConfigProblem[] {
  return saidLeaves(layer.values).flatMap((leaf) => {
    if (isSettableByProject(leaf.path)) return [];
    const { where, line, layer: kind } = layer.originOf(leaf.keys);
    if (kind !== "project") return [];
    const place = line === undefined ? { where } : { where, line };
    const advice = "Set it in your own file, or name this one with --config.";
    return [{ ...place, path: leaf.path, message: "cannot be set by a project's file", advice }];
  });
}
