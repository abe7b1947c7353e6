import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { type Origin, valueAt, withValueAt } from "./config-layer.ts";
import { type ConfigLeaf, configLeaves } from "./config-leaf.ts";
import type { LoadedConfig } from "./load-config.ts";
import type { OpMcpConfig } from "./op-mcp-config.ts";

/** One value in force. */
export interface EffectiveValue {
  readonly leaf: ConfigLeaf;
  /** The value, or a mask where it is a secret. */
  readonly shown: JsonValue;
  readonly origin: Origin;
}

/** Stands for a secret wherever a configuration is shown. */
const secretMask = "********";

/** Every value in force with where it was said; secrets are masked. */
export function effectiveValues(loaded: LoadedConfig): readonly EffectiveValue[] {
  return configLeaves().map((leaf) => {
    const value = leafValue(loaded.config, leaf);
    const isHidden = leaf.isSecret && JSON.stringify(value) !== JSON.stringify(leaf.default);
    return { leaf, shown: isHidden ? secretMask : value, origin: loaded.originOf(leaf.keys) };
  });
}

/** The whole configuration as one object that may be shown. */
export function shownConfig(loaded: LoadedConfig): JsonObject {
  return effectiveValues(loaded).reduce<JsonObject>(
    (config, { leaf, shown }) => withValueAt(config, leaf.keys, shown),
    {},
  );
}

/** The value of one leaf. */
export function leafValue(config: OpMcpConfig, leaf: ConfigLeaf): JsonValue {
  return valueAt(toJson(config), leaf.keys) ?? null;
}

/** A configuration has hundreds of values, and is made plain once for all of them. */
const plainConfigs = new WeakMap<OpMcpConfig, JsonObject>();

function toJson(config: OpMcpConfig): JsonObject {
  const known = plainConfigs.get(config);
  if (known !== undefined) return known;
  const parsed: unknown = JSON.parse(JSON.stringify(config));
  const plain = isJsonObject(parsed) ? parsed : {};
  plainConfigs.set(config, plain);
  return plain;
}
