import { MessageChannel } from "node:worker_threads";
import { silentLogger } from "op-core";
import { expect, it } from "vitest";
import { createMessagePortTransport } from "../../examples/message-port-transport.ts";
import { openUpstreamClient, toClientTransport } from "../../src/client/index.ts";
import { createMcpServer } from "../../src/index.ts";
import { createSampleHost } from "../fixtures/sample-host.ts";

it.each(["legacy", "modern"] as const)(
  "a transport of one's own carries both sides, in the %s era",
  async (era) => {
    const { port1, port2 } = new MessageChannel();
    await using server = createMcpServer({ host: createSampleHost() });
    const connection = server.connect(createMessagePortTransport(port1), {
      id: "thread",
      scopes: [],
    });
    {
      await using client = await openUpstreamClient({
        name: "thread",
        transport: () =>
          Promise.resolve(toClientTransport(createMessagePortTransport(port2), silentLogger)),
        era,
        clientInfo: { name: "example", version: "1" },
        capabilities: {},
      });
      expect(JSON.stringify(await client.request("tools/list", {}))).toContain('"echo"');
      const call = { name: "echo", arguments: { text: "hello" } };
      expect(await client.request("tools/call", call)).toMatchObject({ content: [{}] });
    }
    await connection.closed;
  },
);
