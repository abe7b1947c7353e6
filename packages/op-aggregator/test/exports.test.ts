import { expect, it } from "vitest";
import * as config from "../src/config/index.ts";
import * as uriScheme from "../src/resources/uri-scheme.ts";
import * as clientFiles from "../src/import/index.ts";
import * as entry from "../src/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./config": Object.keys(config).toSorted(),
    "./import": Object.keys(clientFiles).toSorted(),
    "./uri-scheme": Object.keys(uriScheme).toSorted(),
  }).toMatchInlineSnapshot(`
    {
      ".": [
        "UpstreamCallLostError",
        "UpstreamConfigError",
        "UpstreamToolHeldError",
        "createFilePinStore",
        "createMemoryPinStore",
        "definitionHash",
        "diffDefinitions",
        "openAggregator",
      ],
      "./config": [
        "UpstreamSettings",
        "UpstreamsConfig",
      ],
      "./import": [
        "exportUpstreams",
        "importUpstreams",
      ],
      "./uri-scheme": [
        "toUriScheme",
      ],
    }
  `);
});
