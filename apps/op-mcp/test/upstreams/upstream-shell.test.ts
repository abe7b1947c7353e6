import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAggregator, type UpstreamConfig } from "op-aggregator";
import { isJsonObject, silentLogger, type JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { createInMemoryPair } from "op-protocol";
import { toClientTransport } from "op-protocol/client";
import { expect, onTestFinished, test } from "vitest";
import { UpstreamShell } from "../../src/upstreams/upstream-shell.ts";

/** A server of the handshake era whose resources grow, and that tells of it where it says so. */
function createGrowingServer({ listChanged }: { listChanged: boolean }) {
  const uris = ["test://first"];
  const answers: Readonly<Record<string, () => JsonObject>> = {
    initialize: () => ({
      protocolVersion: "2025-11-25",
      capabilities: { resources: { listChanged } },
      serverInfo: { name: "growing", version: "1.0.0" },
    }),
    "resources/list": () => ({ resources: uris.map((uri) => ({ uri, name: uri })) }),
    "resources/templates/list": () => ({ resourceTemplates: [] }),
  };
  const connect: Extract<UpstreamConfig["transport"], { kind: "custom" }>["connect"] = async () => {
    const [near, far] = createInMemoryPair();
    far.start({
      message: (value) => {
        if (!isJsonObject(value)) return;
        const { id, method } = value;
        if (typeof method !== "string") return;
        if (typeof id !== "number" && typeof id !== "string") return;
        const result = answers[method]?.();
        far.send(
          result === undefined
            ? { jsonrpc: "2.0", id, error: { code: -32601, message: "unknown method" } }
            : { jsonrpc: "2.0", id, result },
        );
      },
      malformed: () => undefined,
      closed: () => undefined,
    });
    return await Promise.resolve(toClientTransport(near, silentLogger));
  };
  return { uris, connect };
}

function openShell(connect: ReturnType<typeof createGrowingServer>["connect"]) {
  const directory = mkdtempSync(join(tmpdir(), "op-mcp-shell-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const clock = createManualClock();
  const clientInfo = { name: "test", version: "1.0.0" };
  const shell = new UpstreamShell({
    name: "growing",
    settings: {},
    open: async () => {
      const transport = { kind: "custom", connect } as const;
      const aggregator = await openAggregator({
        upstreams: [{ name: "growing", transport, era: "legacy", keepUris: true }],
        clientInfo,
      });
      const [sources] = aggregator.upstreams;
      if (sources === undefined) throw new Error("nothing was opened");
      return { sources, [Symbol.asyncDispose]: () => aggregator[Symbol.asyncDispose]() };
    },
    cacheDirectory: directory,
    pinsPath: join(directory, "pins"),
    version: "1.0.0",
    clock,
    logger: silentLogger,
  });
  onTestFinished(() => shell[Symbol.asyncDispose]());
  const list = async () => {
    const { resources } = await shell.lists(new AbortController().signal);
    return resources.map(({ uri }) => uri);
  };
  return { clock, list };
}

test("what a server does not tell of is looked at again after half a minute", async () => {
  const server = createGrowingServer({ listChanged: false });
  const { clock, list } = openShell(server.connect);
  expect(await list()).toEqual(["test://first"]);
  server.uris.push("test://second");
  expect(await list()).toEqual(["test://first"]);
  await clock.advance(30_000);
  expect(await list()).toEqual(["test://first", "test://second"]);
});

test("a server that tells of changes is not asked without one", async () => {
  const server = createGrowingServer({ listChanged: true });
  const { clock, list } = openShell(server.connect);
  expect(await list()).toEqual(["test://first"]);
  server.uris.push("test://second");
  await clock.advance(3_600_000);
  expect(await list()).toEqual(["test://first"]);
});
