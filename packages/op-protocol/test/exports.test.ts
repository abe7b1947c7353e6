import { expect, it } from "vitest";
import * as entry from "../src/index.ts";
import * as client from "../src/client/index.ts";
import * as http from "../src/http/index.ts";
import * as oauth from "../src/oauth/index.ts";
import * as testing from "../src/testing/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./client": Object.keys(client).toSorted(),
    "./http": Object.keys(http).toSorted(),
    "./oauth": Object.keys(oauth).toSorted(),
    "./testing": Object.keys(testing).toSorted(),
  }).toMatchInlineSnapshot(`
    {
      ".": [
        "JsonRpcError",
        "createInMemoryPair",
        "createMcpServer",
        "createStreamTransport",
        "defaultMaxMessageBytes",
        "defaultPageSize",
        "guardStdout",
        "isLegacyRevision",
        "isModernRevision",
        "legacyRevisions",
        "logLevels",
        "metaKeys",
        "modernRevisions",
        "openStandardInput",
        "requestInputs",
        "rpcCodes",
        "watchForLeave",
      ],
      "./client": [
        "UpstreamClosedError",
        "UpstreamHttpError",
        "UpstreamMessageError",
        "UpstreamSessionLostError",
        "UpstreamUnreachableError",
        "createHttpTransport",
        "createLegacySseTransport",
        "createStdioTransport",
        "createUpstreamClient",
        "createWebSocketClientTransport",
        "findHeaderProblem",
        "listAll",
        "openUpstreamClient",
        "toClientTransport",
        "unnamedKey",
      ],
      "./http": [
        "createHttpHandler",
        "createMemorySessionStore",
        "createRebindingGuard",
        "createSseHandler",
        "createWebSocketHandler",
        "loopbackHosts",
        "sendRefusal",
      ],
      "./oauth": [
        "UpstreamAuthorizationError",
        "UpstreamLoginError",
        "createMemoryOAuthStore",
        "createOAuthClient",
      ],
      "./testing": [
        "createScriptedTransport",
        "describeSessionStore",
      ],
    }
  `);
});
