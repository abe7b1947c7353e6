import type { JsonValue } from "op-core";

/** A short name that users know from the earlier systems. */
export type EnvironmentAlias =
  | {
      readonly kind: "leaf";
      readonly path: string;
      /** Turns the old unit or meaning into the leaf's; `undefined` leaves the leaf alone. */
      readonly convert?: (value: JsonValue) => JsonValue | undefined;
      /** The type of the variable's text where it is not the leaf's. */
      readonly type?: "boolean" | "number";
    }
  /** Accepted without effect: what it configured is not part of this version. */
  | { readonly kind: "reserved"; readonly what: string };

const aliases: Readonly<Record<string, EnvironmentAlias>> = {
  MCP_MAX_TOOLS: { kind: "leaf", path: "tools.maxTools" },
  MCP_IDLE_SECS: {
    kind: "leaf",
    path: "tools.idleMs",
    type: "number",
    convert: (value) => (typeof value === "number" ? value * 1000 : undefined),
  },
  MCP_PRELOAD: { kind: "leaf", path: "tools.preload" },
  VERBOSE_LOGGING: {
    kind: "leaf",
    path: "log.level",
    type: "boolean",
    convert: (value) => (value === true ? "debug" : undefined),
  },
  AUDIT_LOG_PATH: { kind: "leaf", path: "audit.path" },
  AUDIT_LOG_MAX: { kind: "leaf", path: "audit.maxMemoryEntries" },
  AUDIT_LOG_PERSIST: { kind: "leaf", path: "audit.isPersistent" },
  MCP_DBUS_DISCOVERY: { kind: "leaf", path: "dbus.isEnabled" },
  MCP_PLUGIN_DISCOVERY: { kind: "reserved", what: "state plugin discovery" },
  MCP_AGENT_DISCOVERY: { kind: "reserved", what: "agent discovery" },
  MAX_AGENTS: { kind: "reserved", what: "the agent pool" },
  PREFER_DIRECT_DBUS: { kind: "reserved", what: "the D-Bus connection" },
  HEALTH_CHECK_INTERVAL: { kind: "reserved", what: "agent health checks" },
};

/** Every alias by its variable. */
export const environmentAliases: ReadonlyMap<string, EnvironmentAlias> = new Map(
  Object.entries(aliases),
);

/** The variables that also set the leaf at `path`. */
export function aliasesOf(path: string): readonly string[] {
  return [...environmentAliases].flatMap(([name, alias]) =>
    alias.kind === "leaf" && alias.path === path ? [name] : [],
  );
}
