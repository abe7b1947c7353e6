import type { UpstreamSettings } from "op-aggregator/config";
import { join } from "node:path";
import { editConfig } from "../../config/edit-config.ts";
import { userConfigDir } from "../../config/directories.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { toPlainJson } from "../../config/to-plain-json.ts";
import { isObject } from "../../config/config-layer.ts";
import { didYouMean } from "../../text/nearest.ts";
import { findUpstreamProblem } from "../../upstreams/upstream-problem.ts";
import { UnknownUpstreamError, UpstreamSettingsError } from "../../upstreams/upstream-error.ts";
import type { CommandContext } from "../command.ts";

/** A server as the configuration of this command line has it. */
export interface ConfiguredUpstream {
  readonly name: string;
  readonly settings: UpstreamSettings;
  readonly loaded: LoadedConfig;
  /** The file that names it. */
  readonly file: string;
}

const pathOf = (name: string): readonly string[] => ["upstreams", "servers", name];

/** The server that the command line names; `ERR_UPSTREAM_UNKNOWN` where there is none. */
export async function findConfigured(context: CommandContext): Promise<ConfiguredUpstream> {
  const [name = ""] = context.positionals;
  const loaded = await context.loadConfig();
  const { servers } = loaded.config.upstreams;
  const settings = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (settings === undefined)
    throw new UnknownUpstreamError(name, didYouMean(name, Object.keys(servers)));
  const { where } = loaded.originOf(pathOf(name));
  return { name, settings, loaded, file: where };
}

/** The file that new servers are written to: the one that was named, or else the user's own. */
export function ownConfigFile(context: CommandContext, { files }: LoadedConfig): string {
  const own = files.findLast(({ layer }) => layer === "file" || layer === "user");
  return (
    own?.file ?? context.flags.text("config") ?? join(userConfigDir(context.io.env), "config.json")
  );
}

/** Writes a server into a file, or takes it out. */
export async function writeConfigured(
  file: string,
  name: string,
  settings: UpstreamSettings | undefined,
): Promise<void> {
  const plain = settings === undefined ? undefined : toPlainJson(settings);
  await editConfig(file, [{ path: pathOf(name), value: isObject(plain) ? plain : undefined }]);
}

/** Throws `ERR_UPSTREAM_SETTINGS` where a server cannot be used as it would be configured. */
export function checkUsable(
  name: string,
  settings: UpstreamSettings,
  { config }: LoadedConfig,
): void {
  const { [name]: _old, ...others } = config.upstreams.servers;
  const problem = findUpstreamProblem(name, { ...others, [name]: settings });
  if (problem !== undefined) throw new UpstreamSettingsError(name, problem);
}
