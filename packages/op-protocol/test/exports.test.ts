import { expect, it } from "vitest";
import * as entry from "../src/index.ts";
import * as testing from "../src/testing/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
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
        "modernRevisions",
        "rpcCodes",
        "watchForLeave",
      ],
      "./testing": [
        "createScriptedTransport",
      ],
    }
  `);
});
