import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import { isLogLevel, logLevels } from "../revisions/envelope.ts";
import { modernRevisions } from "../revisions/revision.ts";
import type { McpHost } from "../server/mcp-host.ts";
import { legacyOnly, modernOnly, type MethodTable } from "../server/method.ts";

/** What this server can do, the same in both eras. */
export const serverCapabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: { listChanged: true },
  completions: {},
  logging: {},
} as const;

/** What introduces the server: `server/discover`, and the session's own methods of the handshake era. */
export function createSessionMethods({ instructions }: McpHost): MethodTable {
  const discovered = {
    supportedVersions: modernRevisions,
    capabilities: serverCapabilities,
    ...(instructions === undefined ? {} : { instructions }),
  };
  return {
    "server/discover": {
      eras: modernOnly,
      cache: { ttlMs: 3_600_000, cacheScope: "public" },
      handle: () => discovered,
    },
    "logging/setLevel": {
      eras: legacyOnly,
      handle: ({ params, speech }) => {
        const { level } = params;
        if (!isLogLevel(level))
          throw invalidParams(`params.level must be one of ${logLevels.join(", ")}.`);
        if (speech.era === "legacy") speech.session.logLevel = level;
        return {};
      },
    },
  };
}
