import { afterEach, expect, it } from "vitest";
import { createMcpServer, type McpServer } from "../../src/index.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { createSampleHost, sampleTool, SampleView } from "../fixtures/sample-host.ts";

let server: McpServer;
afterEach(() => server[Symbol.asyncDispose]());

it("shows each principal what the host has for it, in both eras", async () => {
  const host = createSampleHost();
  const one = new SampleView().add(sampleTool("one"));
  server = createMcpServer({
    host: {
      ...host,
      toolsFor: ({ scopes }) => (scopes.includes("all") ? host.tools : one),
    },
  });
  const few = new RawClient(server, { id: "few", scopes: [] });
  const all = new RawClient(server, { id: "all", scopes: ["all"] });
  const modern = await few.askModern("tools/list");
  expect(modern).toMatchObject({ result: { tools: [{ name: "one" }] } });
  expect(modern["result"]).toHaveProperty("tools.length", 1);
  await all.initialize();
  const legacy = await all.ask("tools/list");
  expect(legacy["result"]).toHaveProperty("tools.length", host.tools.size);
});
