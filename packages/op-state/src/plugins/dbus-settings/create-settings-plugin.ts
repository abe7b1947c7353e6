import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { z } from "zod";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type { ResourceChange, StatePlugin } from "../../plugin/state-plugin.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";

/** Properties with their values; those that are not set have none. */
export type Settings = Readonly<Record<string, JsonValue>>;

/** Settings of the machine that one service keeps. */
export interface SettingsPort {
  readonly name: string;
  /** What can be declared; what is left out is left as it is. */
  readonly schema: z.ZodType;
  /** Writes a desired value as `read` would give it; missing where that is the same. */
  normalise?(desired: Settings, current: Settings): Settings;
  /** Whether the service can bring this back from anywhere; missing where it always can. */
  isReversible?(current: Settings): boolean;
  /** Says why these properties cannot be set; missing where nothing can be told. */
  refuse?(settings: Settings, signal: AbortSignal): Promise<string | undefined>;
  /** Reads every property. */
  read(signal: AbortSignal): Promise<Settings>;
  /** Sets these properties, of those that `read` gives. */
  write(settings: Settings, signal: AbortSignal): Promise<void>;
  /** Yields whenever something may have changed. */
  watch(signal: AbortSignal): AsyncIterable<unknown>;
}

/** There is one machine. */
const key = "system";

/** Makes a plugin of settings that a service keeps: there is one resource, `system`, and it is always there. */
export function createSettingsPlugin(port: SettingsPort): StatePlugin {
  return {
    name: port.name,
    version: "1",
    keys: { pattern: key, meaning: `"${key}": there is one machine` },
    schema: jsonSchemaOf(port.schema),
    capabilities: { canBeAbsent: false, canWatch: true },
    query: async (keys, { signal }) => {
      const value = await port.read(signal);
      return new Map(keys.map((name) => [name, { value, fingerprint: fingerprintOf(value) }]));
    },
    diff: async (desired, current) =>
      desired.flatMap(({ desired: wanted }) => {
        if (wanted === null) return [];
        return diffSettings(port, wanted, current.get(key)?.value ?? {}) ?? [];
      }),
    check: async (changes, { signal }) => {
      const problems = changes.map(async ({ desired }) => {
        const reason = await port.refuse?.(desired ?? {}, signal);
        return reason === undefined ? [] : [{ resource: resourceId(port.name, key), reason }];
      });
      return (await Promise.all(problems)).flat();
    },
    apply: async ({ desired }, { signal }) => {
      if (desired !== null) await port.write(desired, signal);
    },
    checkpoint: async (keys, { signal }) => {
      const value = await port.read(signal);
      return new Map(keys.map((name) => [name, value]));
    },
    describe: async (_, saved) => ({ value: asSettings(saved) }),
    rollback: async (_, saved, { signal }) => {
      const settings = asSettings(saved);
      const current = await port.read(signal);
      const entries = Object.entries(settings).filter(
        ([name, value]) => fingerprintOf(value) !== fingerprintOf(current[name] ?? null),
      );
      if (entries.length > 0) await port.write(Object.fromEntries(entries), signal);
    },
    watch: async function* watch(_, { signal }) {
      for await (const _news of port.watch(signal)) yield key;
    },
  };
}

function asSettings(saved: JsonValue): Settings {
  if (!isJsonObject(saved)) throw new TypeError("What was saved of settings is no object.");
  return Object.fromEntries(Object.entries(saved));
}

function diffSettings(
  port: SettingsPort,
  wanted: JsonObject,
  current: JsonObject,
): ResourceChange | undefined {
  const desired = port.normalise?.(wanted, current) ?? wanted;
  const names = Object.keys(desired).filter(
    (name) => fingerprintOf(desired[name] ?? null) !== fingerprintOf(current[name] ?? null),
  );
  if (names.length === 0) return undefined;
  const pick = (from: JsonObject) =>
    Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return {
    key,
    desired: pick(desired),
    action: "update",
    risk: "privileged",
    isReversible: port.isReversible?.(current) ?? true,
    before: pick(current),
    after: pick(desired),
    requires: [],
  };
}
