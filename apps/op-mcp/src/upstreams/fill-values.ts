import type { UpstreamSettings } from "op-aggregator/config";
import { isErrorOf, type OpError } from "op-core";
import { resolveSecret, type ResolveSecretOptions } from "../secrets/resolve-secret.ts";
import { SecretUnavailableError } from "../secrets/secrets-error.ts";
import { harmlessVariables } from "./harmless-variables.ts";
import { namesIn, valuePlace } from "./value-names.ts";

type Texts = Readonly<Record<string, string>>;

/** A configuration with its values filled in; what was filled in must not be repeated. */
export interface FilledSettings {
  readonly settings: UpstreamSettings;
  readonly secrets: readonly string[];
}

/** What every program may know is no secret. */
function isHarmless(reference: string): boolean {
  return harmlessVariables.some((name) => reference === `env:${name}`);
}

/** Changes each text that may have values in it. */
function mapTexts(settings: UpstreamSettings, map: (text: string) => string): UpstreamSettings {
  const { command, args, cwd, url, env, headers } = settings;
  const mapAll = (texts: Texts): Texts =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, map(text)]));
  return {
    ...settings,
    ...(command === undefined ? {} : { command: map(command) }),
    ...(args === undefined ? {} : { args: args.map(map) }),
    ...(cwd === undefined ? {} : { cwd: map(cwd) }),
    ...(url === undefined ? {} : { url: map(url) }),
    ...(env === undefined ? {} : { env: mapAll(env) }),
    ...(headers === undefined ? {} : { headers: mapAll(headers) }),
  };
}

/** A value; or why there is none, where it is a variable that may have a default. */
async function fetchValue(
  reference: string,
  options: ResolveSecretOptions,
): Promise<string | OpError> {
  try {
    using secret = await resolveSecret(reference, options);
    return secret.reveal();
  } catch (error) {
    if (reference.startsWith("env:") && isErrorOf(error, SecretUnavailableError)) return error;
    throw error;
  }
}

/**
 * Puts values in the place of `${NAME}` where a server's configuration has one of that name; other such texts are meant
 * for somebody else and stay. Values are fetched now, those alone that are used, and never written down.
 */
export async function fillValues(
  settings: UpstreamSettings,
  options: ResolveSecretOptions,
): Promise<FilledSettings> {
  const { values = {} } = settings;
  const used = new Set<string>();
  mapTexts(settings, (text) => {
    for (const name of namesIn(text)) if (Object.hasOwn(values, name)) used.add(name);
    return text;
  });
  const fetched = new Map(
    await Promise.all(
      [...used].map(async (name) => [name, await fetchValue(values[name] ?? "", options)] as const),
    ),
  );
  const fill = (text: string): string =>
    text.replaceAll(valuePlace, (whole, name: string, fallback: string | undefined) => {
      const value = fetched.get(name);
      if (value === undefined) return whole;
      if (typeof value === "string") return value;
      if (fallback === undefined) throw value;
      return fallback;
    });
  const secrets = [...fetched].flatMap(([name, value]) =>
    typeof value !== "string" || isHarmless(values[name] ?? "") ? [] : [value],
  );
  return { settings: mapTexts(settings, fill), secrets };
}
