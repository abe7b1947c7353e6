import { type ConfigFile, configPlaces, nothingFound, readPlace } from "./config-files.ts";
import { builtInOrigin, type Origin } from "./config-layer.ts";
import { defaultConfig } from "./default-config.ts";
import { environmentAliases } from "./environment-aliases.ts";
import { configFileVariable, environmentPrefix } from "./environment-names.ts";
import type { Environment } from "./environment.ts";
import type { FlagSetting } from "./flag-setting.ts";
import type { OpMcpConfig } from "./op-mcp-config.ts";

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
  /** Lets others have their turn between the steps, where somebody is served meanwhile. */
  readonly pause?: (() => Promise<unknown>) | undefined;
}

/** The configuration, and where it comes from. */
export interface LoadedConfig {
  readonly config: OpMcpConfig;
  /** The files in use, from the weakest to the strongest. */
  readonly files: readonly ConfigFile[];
  /** Where the value at `keys` was said. */
  readonly originOf: (keys: readonly string[]) => Origin;
}

/**
 * Reads defaults < `/etc/op-mcp` < the user's file < the project's file < environment < flags. Every problem of every
 * layer is reported at once, by `ERR_CONFIG_INVALID`, or by `ERR_CONFIG_UNREADABLE` when a file cannot be read.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const { env, settings = [], pause } = options;
  const file = options.file ?? (env[configFileVariable] || undefined);
  const places = await Promise.all(configPlaces({ ...options, file }).map(readPlace));
  const isPlain = places.every((place) => place === nothingFound) && settings.length === 0;
  if (isPlain && !saysSomething(env)) {
    return { config: defaultConfig, files: [], originOf: () => builtInOrigin };
  }
  await pause?.();
  const { layConfig } = await import("./lay-config.ts");
  return layConfig({ places, env, settings, pause });
}

/** Whether any variable is about op-mcp; without one, what they mean need not be known. */
function saysSomething(env: Environment): boolean {
  return Object.keys(env).some(
    (name) => name.startsWith(environmentPrefix) || environmentAliases.has(name),
  );
}
