import { expect, it } from "vitest";
import * as clientFiles from "../src/import/index.ts";
import * as entry from "../src/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./import": Object.keys(clientFiles).toSorted(),
  }).toMatchInlineSnapshot(`
    {
      ".": [
        "UpstreamConfigError",
        "UpstreamToolHeldError",
        "createFilePinStore",
        "createMemoryPinStore",
        "definitionHash",
        "diffDefinitions",
        "openAggregator",
      ],
      "./import": [
        "exportUpstreams",
        "importUpstreams",
      ],
    }
  `);
});
