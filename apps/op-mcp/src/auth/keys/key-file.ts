import { ApiKeyStoreError } from "../auth-error.ts";
import type { ApiKeyRecord, ApiKeySecret } from "./api-key-record.ts";

const version = 1;

type Fields = Readonly<Record<string, unknown>>;

/** The text of a file of keys. */
export function formatKeyFile(keys: Iterable<ApiKeyRecord>): string {
  return `${JSON.stringify({ version, keys: [...keys] }, undefined, 2)}\n`;
}

/** Reads a file of keys. Throws `ERR_API_KEY_STORE` on anything it does not understand: a key must not be half understood. */
export function parseKeyFile(path: string, text: string): ReadonlyMap<string, ApiKeyRecord> {
  const root = asFields(parseJson(path, text));
  const keys = root?.["keys"];
  if (root?.["version"] !== version || !Array.isArray(keys)) {
    throw new ApiKeyStoreError(path, "it is no file of keys of this version");
  }
  return new Map(
    keys.map((value: unknown, index) => {
      const key = parseKey(value);
      if (key === undefined) throw new ApiKeyStoreError(path, `key number ${index + 1} is broken`);
      return [key.id, key];
    }),
  );
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiKeyStoreError(path, "it is not JSON", error);
  }
}

function parseKey(value: unknown): ApiKeyRecord | undefined {
  const fields = asFields(value);
  const id = fields?.["id"];
  const name = fields?.["name"];
  const scopes = fields?.["scopes"];
  const createdAtMs = fields?.["createdAtMs"];
  const secrets = parseSecrets(fields?.["secrets"]);
  if (fields === undefined || typeof id !== "string" || typeof name !== "string") return undefined;
  if (!isTexts(scopes) || typeof createdAtMs !== "number" || secrets === undefined)
    return undefined;
  const times = optionalTimes(fields, ["expiresAtMs", "revokedAtMs", "lastUsedAtMs"]);
  return times && { id, name, scopes, createdAtMs, ...times, secrets };
}

function parseSecrets(value: unknown): readonly ApiKeySecret[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const secrets = value.map((secret: unknown) => {
    const fields = asFields(secret);
    const hash = fields?.["hash"];
    const createdAtMs = fields?.["createdAtMs"];
    if (fields === undefined || typeof hash !== "string" || typeof createdAtMs !== "number")
      return undefined;
    const times = optionalTimes(fields, ["untilMs"]);
    return times && { hash, createdAtMs, ...times };
  });
  return secrets.every((secret) => secret !== undefined) ? secrets : undefined;
}

/** The times that are there; nothing when one is no time, because a broken limit must not become none. */
function optionalTimes<Name extends string>(
  fields: Fields,
  names: readonly Name[],
): { [name in Name]?: number } | undefined {
  const times: { [name in Name]?: number } = {};
  for (const name of names) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== "number") return undefined;
    times[name] = value;
  }
  return times;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
