import { UpstreamSettings } from "op-aggregator/config";
import { UsageError } from "../../cli-error.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { FlagValues } from "../../flags.ts";
import { findProblem, writeConfigured } from "../../upstreams/configured-upstream.ts";
import { ownConfigFile } from "../../own-config-file.ts";

/** `op-mcp upstreams add NAME`: adds a server to the configuration. */
export const runUpstreamsAdd: RunCommand = async (context) => {
  const { positionals, flags, screen } = context;
  const [name = "", command, ...args] = positionals;
  const loaded = await context.loadConfig();
  if (Object.hasOwn(loaded.config.upstreams.servers, name) && !flags.has("force"))
    throw new UsageError(`There is a server named ${JSON.stringify(name)}.`, {
      advice: "--force replaces it.",
    });
  const settings = UpstreamSettings.parse({
    ...(command === undefined ? {} : { command, args }),
    ...placeIn(flags),
  });
  const problem = findProblem(name, settings, loaded);
  if (problem !== undefined)
    throw new UsageError(`${JSON.stringify(name)} cannot be added: ${problem}.`, {
      advice: "Write `op-mcp upstreams add NAME -- PROGRAM ARGUMENTS`, or `--url URL`.",
    });
  const file = ownConfigFile(context, loaded);
  await writeConfigured(file, name, settings);
  if (flags.has("json")) screen.json({ name, file });
  else {
    screen.line(`${screen.text(name)} is in ${screen.text(file)}.`);
    const next = flags.has("oauth") ? "login" : "test";
    screen.line(
      `\`op-mcp upstreams ${next} ${name}\` ${next === "login" ? "logs in" : "tries it"}.`,
    );
  }
  return exitCodes.ok;
};

function placeIn(flags: FlagValues): object {
  const url = flags.text("url");
  const token = flags.text("token");
  const prefix = flags.text("prefix");
  return {
    ...(url === undefined ? {} : { url }),
    ...(prefix === undefined ? {} : { prefix }),
    ...pairs(flags, "env", "env"),
    ...pairs(flags, "secret-env", "secretEnv"),
    ...pairs(flags, "header", "headers"),
    ...(token === undefined ? {} : { auth: { token } }),
    ...(flags.has("oauth") ? { auth: { oauth: "person" } } : {}),
  };
}

function pairs(flags: FlagValues, flag: string, key: string): object {
  const entries = flags.all(flag).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1)
      throw new UsageError(`--${flag} cannot be ${JSON.stringify(pair)}.`, {
        advice: "Write KEY=VALUE.",
      });
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
}
