import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { createMcpServer, createStreamTransport } from "../../src/index.ts";
import { local } from "../fixtures/raw-client.ts";
import { createSampleHost } from "../fixtures/sample-host.ts";
import { toSdkTransport } from "../fixtures/sdk-transport.ts";
import { until } from "../fixtures/until.ts";

it("a unix socket serves every client on a connection of its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "op-protocol-"));
  const path = join(folder, "mcp.sock");
  const server = createMcpServer({ host: createSampleHost() });
  let open = 0;
  const listener = createServer({ allowHalfOpen: true }, (socket) => {
    open += 1;
    const transport = createStreamTransport({ input: socket, output: socket });
    const connection = server.connect(transport, local);
    void connection.ended
      .then(() => connection.whenIdle())
      .then(() => connection[Symbol.asyncDispose]())
      .then(() => (open -= 1));
  });
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  const names = ["a", "b", "c"];
  const clients = await Promise.all(
    names.map(async (name) => {
      const socket = connect(path);
      const client = new Client({ name, version: "1" });
      await client.connect(
        toSdkTransport(createStreamTransport({ input: socket, output: socket })),
      );
      return { client, socket };
    }),
  );
  const results = await Promise.all(
    clients.map(({ client }, n) => client.callTool({ name: "echo", arguments: { n } })),
  );
  expect(results.map(({ content }) => content)).toEqual(
    names.map((_, n) => [{ type: "text", text: JSON.stringify({ n }) }]),
  );
  expect(open).toBe(3);
  for (const { client, socket } of clients) {
    await client.close();
    socket.destroy();
  }
  await until(() => open === 0);
  await server[Symbol.asyncDispose]();
  await new Promise((resolve) => listener.close(resolve));
  await rm(folder, { recursive: true });
});
