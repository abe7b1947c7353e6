import { createTestContext } from "op-tools/testing";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, type JsonObject, type JsonValue } from "op-core";
import { openProcessHost } from "op-process";
import {
  createStdioTransport,
  listAll,
  openUpstreamClient,
  type UpstreamClient,
} from "op-protocol/client";
import { describe, expect, it } from "vitest";
import type { UpstreamConfig, UpstreamSources } from "../../src/index.ts";
import { npmServer, openRig } from "../fixtures/real-upstreams.ts";

const { signal } = new AbortController();
const principal = { id: "alice", scopes: [] };

/** What a descriptor of ours keeps of a tool on the wire. */
const kept = ["title", "description", "inputSchema", "outputSchema", "icons", "_meta"];

function pick(tool: object): JsonObject {
  return Object.fromEntries<JsonValue>(Object.entries(tool).filter(([key]) => kept.includes(key)));
}

async function openDirect(transport: UpstreamConfig["transport"]) {
  if (transport.kind !== "stdio") throw new Error("only processes are asked directly");
  const host = await openProcessHost();
  const spec = { cwd: "/", ...transport, sandbox: { level: "none" } };
  const client = await openUpstreamClient({
    name: "direct",
    transport: createStdioTransport({ spawner: host, spec, logger: silentLogger }),
    clientInfo: { name: "test", version: "1" },
    capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
  });
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

async function expectSameTools(client: UpstreamClient, { tools }: UpstreamSources): Promise<void> {
  const direct = await Array.fromAsync(listAll(client, "tools/list", {}));
  const through = await Array.fromAsync(tools.list({ signal }));
  expect(through.map(({ name }) => name)).toEqual(direct.map(({ name }) => `up_${name as string}`));
  expect(through.map((tool) => JSON.stringify(pick(tool)))).toEqual(
    // Keys come in the order of our descriptor.
    direct.map((tool) =>
      JSON.stringify(
        pick(Object.fromEntries(kept.flatMap((key) => (key in tool ? [[key, tool[key]]] : [])))),
      ),
    ),
  );
  for (const [index, tool] of direct.entries())
    expect(through[index]?.annotations).toEqual(tool["annotations"] ?? {});
}

async function expectSameCall(
  client: UpstreamClient,
  { tools }: UpstreamSources,
  [name, args]: readonly [string, JsonObject],
): Promise<void> {
  const direct = await client.request("tools/call", { name, arguments: args });
  const tool = await tools.load(`up_${name}`, { signal });
  const through = await tool.call(args, createTestContext());
  expect(JSON.stringify(through).replaceAll("up+", "")).toBe(JSON.stringify(direct));
}

describe("the server that shows everything, through the aggregator", () => {
  const transport = npmServer("everything");
  const open = async () => {
    const direct = await openDirect(transport);
    const rig = await openRig([{ name: "up", prefix: "up", transport }]);
    return {
      client: direct.client,
      sources: rig.aggregator.upstreams[0]!,
      rig,
      [Symbol.asyncDispose]: async () => {
        await rig[Symbol.asyncDispose]();
        await direct[Symbol.asyncDispose]();
      },
    };
  };

  it("has the same tools", async () => {
    await using both = await open();
    await expectSameTools(both.client, both.sources);
  });

  it("answers the same", async () => {
    await using both = await open();
    const calls: readonly (readonly [string, JsonObject])[] = [
      ["echo", { message: "ünï" }],
      ["get-sum", { a: 1, b: 2 }],
      ["get-structured-content", { location: "New York" }],
      ["get-tiny-image", {}],
      ["get-resource-links", { count: 3 }],
      ["get-annotated-message", { messageType: "error", includeImage: true }],
      ["echo", { message: 7 }],
    ];
    for (const call of calls) await expectSameCall(both.client, both.sources, call);
  });

  it("has the same resources and templates, under URIs of its own", async () => {
    await using both = await open();
    const { resources } = both.sources;
    const direct = await Array.fromAsync(listAll(both.client, "resources/list", {}));
    const through = await Array.fromAsync(resources.list({ signal }));
    expect(through.length).toBeGreaterThan(0);
    expect(JSON.stringify(through)).toBe(
      JSON.stringify(direct.map((one) => ({ ...one, uri: `up+${one["uri"] as string}` }))),
    );
    const templates = await Array.fromAsync(listAll(both.client, "resources/templates/list", {}));
    expect(JSON.stringify(await Array.fromAsync(resources.templates?.({ signal }) ?? []))).toBe(
      JSON.stringify(
        templates.map((one) => ({ ...one, uriTemplate: `up+${one["uriTemplate"] as string}` })),
      ),
    );
    for (const { uri } of through.slice(0, 5)) {
      const there = uri.slice("up+".length);
      const { contents } = await both.client.request("resources/read", { uri: there });
      expect(resources.owns(uri) && !resources.owns(there)).toBe(true);
      expect(
        JSON.stringify(await resources.read(uri, { signal, principal })).replaceAll("up+", ""),
      ).toBe(JSON.stringify(contents));
    }
  });

  it("has the same prompts and completions", async () => {
    await using both = await open();
    const { prompts } = both.sources;
    const direct = await Array.fromAsync(listAll(both.client, "prompts/list", {}));
    const through = await Array.fromAsync(prompts.list({ signal }));
    expect(JSON.stringify(through)).toBe(
      JSON.stringify(direct.map((one) => ({ ...one, name: `up_${one["name"] as string}` }))),
    );
    const args = { city: "Rome", state: "LZ" };
    const filled = await both.client.request("prompts/get", {
      name: "args-prompt",
      arguments: args,
    });
    expect(JSON.stringify(await prompts.get("up_args-prompt", args, { signal, principal }))).toBe(
      JSON.stringify(filled),
    );
    const wanted = { of: "up_completable-prompt", argument: "department", value: "E", known: {} };
    const completed = await prompts.complete?.(wanted, { signal, principal });
    expect(completed?.values).toContain("Engineering");
    await expect(prompts.get("up_missing", {}, { signal, principal })).rejects.toMatchObject({
      code: "ERR_PROMPT_NOT_FOUND",
    });
  });

  it("tells how far a long call has come, and is stopped when it is cancelled", async () => {
    await using both = await open();
    const tool = await both.sources.tools.load("up_trigger-long-running-operation", { signal });
    const seen: number[] = [];
    const controller = new AbortController();
    const call = tool.call(
      { duration: 60, steps: 600 },
      createTestContext({
        meta: { progressToken: "t" },
        signal: controller.signal,
        reportProgress: ({ progress }) => {
          seen.push(progress);
          if (seen.length === 2) controller.abort(new Error("enough"));
        },
      }),
    );
    await expect(call).rejects.toThrow("enough");
    expect(seen).toEqual([1, 2]);
    expect(both.sources.status.inFlight).toBe(0);
  });
});

describe("other servers from npm, through the aggregator", () => {
  it("the one for files has the same tools and answers the same", async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "aggregator-")));
    await writeFile(join(folder, "a.txt"), "a\nb\n");
    const transport = npmServer("filesystem", [folder]);
    await using direct = await openDirect(transport);
    await using rig = await openRig([{ name: "up", prefix: "up", transport }]);
    const [sources] = rig.aggregator.upstreams;
    await expectSameTools(direct.client, sources!);
    for (const call of [
      ["read_text_file", { path: join(folder, "a.txt") }],
      ["list_directory", { path: folder }],
      ["read_text_file", { path: "/etc/shadow" }],
    ] as const)
      await expectSameCall(direct.client, sources!, call);
    await rm(folder, { recursive: true });
  });

  it("the one that remembers has the same tools", async () => {
    const transport = npmServer("memory");
    await using direct = await openDirect(transport);
    await using rig = await openRig([{ name: "up", prefix: "up", transport }]);
    await expectSameTools(direct.client, rig.aggregator.upstreams[0]!);
  });

  it("leaves no process behind", async () => {
    const rig = await openRig([{ name: "up", transport: npmServer("memory") }]);
    await Array.fromAsync(rig.aggregator.upstreams[0]!.tools.list({ signal }));
    expect(rig.childCount).toBe(1);
    await rig.aggregator[Symbol.asyncDispose]();
    expect(rig.childCount).toBe(0);
    await rig[Symbol.asyncDispose]();
  });
});
