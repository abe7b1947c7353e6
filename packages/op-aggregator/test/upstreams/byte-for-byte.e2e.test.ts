import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, type JsonObject } from "op-core";
import { openProcessHost } from "op-process";
import {
  createHttpTransport,
  createStdioTransport,
  listAll,
  openUpstreamClient,
  type ListMethod,
  type UpstreamClient,
} from "op-protocol/client";
import { describe, expect, it } from "vitest";
import type { UpstreamConfig } from "../../src/index.ts";
import { serve } from "../fixtures/chain.ts";
import { openEverything } from "../fixtures/everything-over-http.ts";
import { npmServer, openRig } from "../fixtures/real-upstreams.ts";

const clientInfo = { name: "test", version: "1" };
const capabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const prefix = "up";

/** As text; some answers tell the time, which went on between two calls. */
function write(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\d{1,2}:\d\d:\d\d/gu, "now");
}

/** What the aggregator puts before names and URIs, taken away again. */
function strip(value: unknown): string {
  return write(value).replaceAll("up+", "").replaceAll('"name":"up_', '"name":"');
}

/** The same server, spoken to by two clients: one directly, one through the aggregator. */
async function openBoth(transport: UpstreamConfig["transport"]) {
  await using opened = new AsyncDisposableStack();
  const host = opened.use(await openProcessHost());
  const connect =
    transport.kind === "stdio"
      ? createStdioTransport({
          spawner: host,
          spec: { cwd: "/", ...transport, sandbox: { level: "none" } },
          logger: silentLogger,
        })
      : createHttpTransport({ url: new URL(transport.kind === "http" ? transport.url : "") });
  const common = { clientInfo, capabilities, era: "legacy" } as const;
  const direct = opened.use(
    await openUpstreamClient({ name: "direct", transport: connect, ...common }),
  );
  const rig = opened.use(await openRig([{ name: "up", prefix, transport }]));
  const [up] = rig.aggregator.upstreams;
  if (up === undefined) throw new Error("there is one upstream");
  const served = opened.use(await serve([up.tools], [up.resources], [up.prompts]));
  const through = opened.use(
    await openUpstreamClient({ name: "through", transport: served.connect, ...common }),
  );
  const owned = opened.move();
  return { direct, through, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A list in an order of its own: ours is that of names and URIs, whatever the server's is. */
async function list(client: UpstreamClient, method: ListMethod): Promise<readonly JsonObject[]> {
  const kind = method.split("/")[0] ?? "";
  if (!(kind in (client.profile?.capabilities ?? {}))) return [];
  const items = await Array.fromAsync(listAll(client, method, {}));
  const keyOf = (item: JsonObject): string => strip(item["uri"] ?? item["name"] ?? "");
  const bare = (item: JsonObject): string => keyOf(item).replace(/^"up_/u, '"');
  return items.toSorted((a, b) => (bare(a) < bare(b) ? -1 : 1));
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Error("it is no text");
  return value;
}

/** What a call answers, or how it fails. */
async function outcome(
  client: UpstreamClient,
  method: string,
  params: JsonObject,
): Promise<JsonObject> {
  return await client.request(method, params).catch((error: unknown) => ({
    failed: String(error),
  }));
}

type Calls = readonly (readonly [string, JsonObject])[];

async function expectSame(transport: UpstreamConfig["transport"], calls: Calls): Promise<void> {
  await using both = await openBoth(transport);
  const { direct, through } = both;
  for (const method of [
    "tools/list",
    "resources/list",
    "resources/templates/list",
    "prompts/list",
  ] as const)
    expect(strip(await list(through, method)), method).toBe(write(await list(direct, method)));
  for (const [name, args] of calls) {
    const near = await outcome(direct, "tools/call", { name, arguments: args });
    const far = await outcome(through, "tools/call", { name: `up_${name}`, arguments: args });
    expect(strip(far), name).toBe(write(near));
  }
  for (const { uri } of await list(direct, "resources/list")) {
    const near = await outcome(direct, "resources/read", { uri: textOf(uri) });
    const far = await outcome(through, "resources/read", { uri: `up+${textOf(uri)}` });
    expect(strip(far), textOf(uri)).toBe(write(near));
  }
  for (const { name, arguments: wanted } of await list(direct, "prompts/list")) {
    const names = Array.isArray(wanted) ? wanted : [];
    const args = Object.fromEntries(
      names.flatMap((one) =>
        typeof one === "object" && one !== null && "name" in one
          ? [[textOf(one["name"]), "1"]]
          : [],
      ),
    );
    const near = await outcome(direct, "prompts/get", { name: textOf(name), arguments: args });
    const far = await outcome(through, "prompts/get", {
      name: `up_${textOf(name)}`,
      arguments: args,
    });
    expect(strip(far), textOf(name)).toBe(write(near));
  }
}

const everythingCalls: Calls = [
  ["echo", { message: "ünï" }],
  ["echo", { message: 7 }],
  ["get-sum", { a: 1, b: 2 }],
  ["get-structured-content", { location: "New York" }],
  ["get-tiny-image", {}],
  ["get-resource-links", { count: 3 }],
  ["get-resource-reference", { resourceType: "Text", resourceId: 1 }],
  ["get-annotated-message", { messageType: "error", includeImage: true }],
];

describe("everything a real server offers is the same through the aggregator, byte for byte", () => {
  it("of the server that shows everything, over stdio", async () => {
    await expectSame(npmServer("everything"), everythingCalls);
  });

  it("of the server that shows everything, over HTTP", async () => {
    await using everything = await openEverything("streamableHttp");
    await everything.start();
    await expectSame({ kind: "http", url: everything.url }, everythingCalls);
  });

  it("of the one for files", async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "aggregator-")));
    await writeFile(join(folder, "a.txt"), "a\nb\n");
    await expectSame(npmServer("filesystem", [folder]), [
      ["read_text_file", { path: join(folder, "a.txt") }],
      ["list_directory", { path: folder }],
      ["get_file_info", { path: join(folder, "a.txt") }],
      ["read_text_file", { path: "/etc/shadow" }],
    ]);
    await rm(folder, { recursive: true });
  });

  it("of the one that remembers", async () => {
    await expectSame(npmServer("memory"), [
      ["read_graph", {}],
      ["search_nodes", { query: "nothing" }],
      ["open_nodes", { names: "no list" }],
    ]);
  });

  it("of the one that thinks", async () => {
    const thought = { thought: "one", thoughtNumber: 1, totalThoughts: 2, nextThoughtNeeded: true };
    await expectSame(npmServer("sequential-thinking"), [
      ["sequentialthinking", thought],
      ["sequentialthinking", { thought: 7 }],
    ]);
  });
});
