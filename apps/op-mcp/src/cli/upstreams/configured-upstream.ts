import type { UpstreamSettings } from "op-aggregator/config";
import { isJsonObject } from "op-core";
import { editConfig } from "../../config/edit-config.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { toPlainJson } from "../../config/to-plain-json.ts";
import { didYouMean } from "../../text/nearest.ts";
import { findUpstreamProblem } from "../../upstreams/upstream-problem.ts";
import { UnknownUpstreamError } from "../../upstreams/upstream-error.ts";
import type { CommandContext } from "../command.ts";
import { fileOfSetting } from "../file-of-setting.ts";

/** A server as the configuration of this command line has it. */
export interface ConfiguredUpstream {
  readonly name: string;
  readonly settings: UpstreamSettings;
  readonly loaded: LoadedConfig;
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
  return { name, settings, loaded };
}

/** The file that names a server; throws `ERR_CLI_USAGE` where no file does. */
export function fileOfUpstream({ name, loaded }: ConfiguredUpstream): string {
  return fileOfSetting(loaded, pathOf(name));
}

/** Writes a server into a file, or takes it out. */
export async function writeConfigured(
  file: string,
  name: string,
  settings: UpstreamSettings | undefined,
): Promise<void> {
  const plain = settings === undefined ? undefined : toPlainJson(settings);
  await editConfig(file, [{ path: pathOf(name), value: isJsonObject(plain) ? plain : undefined }]);
}

/** Why a server cannot be used as it would be configured, where that is so. */
export function findProblem(
  name: string,
  settings: UpstreamSettings,
  { config }: LoadedConfig,
): string | undefined {
  return findUpstreamProblem(name, { ...config.upstreams.servers, [name]: settings });
}
