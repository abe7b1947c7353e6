import { findLeafBy, type ConfigLeaf } from "./config-leaf.ts";

/** What begins every computed name. */
export const environmentPrefix = "OP_MCP_";

/** Names a configuration file instead of the usual ones, as `--config` does. */
export const configFileVariable = "OP_MCP_CONFIG";

/** The variable of a leaf: `log.maxBytes` is `OP_MCP_LOG__MAX_BYTES`. */
export function environmentName(leaf: Pick<ConfigLeaf, "keys">): string {
  return environmentPrefix + leaf.keys.map(toSnakeCase).join("__");
}

/** The leaf of a variable. */
export function leafOfVariable(name: string): ConfigLeaf | undefined {
  return findLeafBy(name.slice(environmentPrefix.length).split("__"), toSnakeCase);
}

function toSnakeCase(key: string): string {
  return key
    .replace(/[a-z\d](?=[A-Z])/g, "$&_")
    .replaceAll("-", "_")
    .toUpperCase();
}
