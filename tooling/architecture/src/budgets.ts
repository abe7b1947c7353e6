/**
 * The runtime dependencies each package may have, each with its reason. A user installs, trusts and waits for every one
 * of them, so a new one is a decision: it needs a line here.
 */
export const dependencyBudgets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "op-core": {},
  "op-tools": {
    "lru-cache": "keeps loaded tools by recency, where eviction order is easy to get wrong",
    minisearch: "ranked full-text search with typo tolerance in one small file",
    "op-core": "errors, deadlines and lifecycles",
    typebox:
      "checks values against JSON Schemas of foreign tools without generating code from them",
    vitest: "optional: only op-tools/testing, a suite for test runners, imports it",
    zod: "schemas are the configuration model and the arguments of our own tools",
  },
  "op-protocol": {
    "@modelcontextprotocol/client":
      "optional: only op-protocol/oauth imports it, for OAuth as the specification of MCP wants it",
    "op-core": "errors, deadlines and lifecycles",
    "op-tools": "what a tool is, so that it can be served",
    vitest: "optional: only op-protocol/testing, a suite for test runners, imports it",
    ws: "the WebSocket protocol, loaded with the first connection that asks for it",
  },
  "op-process": {
    "op-core": "errors, clock, logger and cancellation",
  },
  "op-audit": {
    "op-core": "errors, clock, logger and cancellation",
    zod: "schemas are the configuration model and the format of entries on the disk",
  },
  "op-dbus": {
    "dbus-next": "optional: only op-dbus/dbus-next, an adapter for comparisons, imports it",
    "op-core": "errors, deadlines and lifecycles",
    "op-tools": "what a tool is; only op-dbus/tools imports it",
    vitest: "optional: only op-dbus/testing, a suite for test runners, imports it",
    zod: "schemas are the configuration model",
  },
  "op-state": {
    "op-core": "errors, clock, logger and cancellation",
    "op-tools": "what a tool is; only op-state/tools imports it",
    "op-dbus": "optional: only op-state/dbus, plugins of what D-Bus services manage, imports it",
    zod: "checks desired state against the JSON Schemas of plugins, and reads the store",
  },
  "op-agents": {
    "op-core": "errors, deadlines and lifecycles",
    "op-dbus":
      "optional: only agents/dbus, what agents ask services with, and op-agents/dbus import it",
    "op-process": "starts agents, keeps them in a sandbox and ends them",
    "op-tools": "what a tool is; only op-agents/tools imports it",
    vitest: "optional: only op-agents/testing, a suite for test runners, imports it",
    zod: "schemas are the configuration model and the arguments of tools; op-agents itself does without",
  },
  "op-aggregator": {
    "lru-cache":
      "keeps answers as long as servers say, bounded in bytes, where eviction is easy to get wrong",
    "op-core": "errors, clock, breakers and cancellation",
    "op-protocol": "speaks with the upstreams",
    "op-tools": "what a tool is, so that upstreams' tools are some",
    zod: "schemas are the configuration model; only op-aggregator/config imports it",
  },
  // The binary is one bundle: what it is made of are development dependencies.
  "op-mcp": {},
};
