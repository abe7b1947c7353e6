import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, vi } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { descendantsOf, waitUntilGone } from "./descendants.ts";
import type { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { configure, installationWith, npmServer } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";

/** With everything known from an earlier run. */
async function known(servers: object, more: object = {}): Promise<Installation> {
  const installation = await installationWith(servers, more);
  const { code, stderr } = await installation.run(["tools"]);
  expect(code, stderr).toBe(0);
  return installation;
}

async function connectTo(network: NetworkServer, path: string): Promise<Client> {
  const client = new Client({ name: "e2e", version: "1" });
  const requestInit = { headers: network.authorization };
  const url = new URL(path, network.endpoint);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
}

const rules = [
  { match: "echo", rename: "say", description: "Says it again." },
  { match: "get-env", hide: true },
  { match: "get-sum", pin: { b: 40 }, risk: "write" },
  { match: "get-*", annotations: { readOnlyHint: true, title: "A getter" }, risk: "read" },
];

describe.each(eras)("in %s", (name, era) => {
  verifies("upstreams.rules", name, async () => {
    await using installation = await known({ every: { ...npmServer("everything"), tools: rules } });
    await using connected = await connect(installation, { era });
    const { client } = connected;
    const { tools } = await client.listTools();
    const find = (wanted: string) => tools.find((tool) => tool.name === wanted);
    expect(find("say")).toMatchObject({ description: "Says it again." });
    expect(find("echo")).toBeUndefined();
    expect(find("get-env")).toBeUndefined();
    expect(Object.keys(find("get-sum")?.inputSchema.properties ?? {})).toEqual(["a"]);
    const getter = { readOnlyHint: true, title: "A getter" };
    expect(find("get-tiny-image")).toMatchObject({ annotations: getter });
    const call = async (tool: string, args: object = {}) =>
      textOf(await client.callTool({ name: tool, arguments: { ...args } }));
    expect(await call("say", { message: "again" })).toContain("again");
    expect(await call("get-sum", { a: 2 })).toContain("42");
    const unknown = (tool: string) => call(tool).catch((error: unknown) => String(error));
    expect(await unknown("get-env")).not.toContain("HOME");
    const listed = await installation.run(["tools", "--json", "--source", "every"]);
    const described: { name: string; risk: string }[] = JSON.parse(listed.stdout);
    const risks = Object.fromEntries(described.map((tool) => [tool.name, tool.risk]));
    expect(risks).toMatchObject({ "get-sum": "write", "get-tiny-image": "read" });
  });

  verifies("upstreams.roots", name, async () => {
    await using installation = await known({ every: npmServer("everything") });
    const roots = [{ uri: "file:///srv/work", name: "work" }];
    await using connected = await connect(installation, { era, roots });
    const listing = { name: "get-roots-list", arguments: {} };
    expect(textOf(await connected.client.callTool(listing))).toContain("file:///srv/work");
  });
});

verifies("upstreams.profiles", "with names, texts and arguments of their own", async () => {
  const overrides = [
    { match: "e_echo", rename: "say", description: "Says it again.", pin: { message: "fixed" } },
    { match: "e_get-env", hide: true },
  ];
  const profiles = { desk: { mode: "direct", context: { sources: ["every"] }, overrides } };
  await using installation = await known(
    { every: { ...npmServer("everything"), prefix: "e" }, memory: npmServer("memory") },
    { serve: { profiles } },
  );
  const network = await NetworkServer.start(installation);
  const desk = await connectTo(network, "/mcp/desk");
  const all = await connectTo(network, "/mcp");
  const { tools } = await desk.listTools();
  const names = tools.map((tool) => tool.name);
  expect(names).toEqual(expect.arrayContaining(["say", "e_get-sum"]));
  for (const name of ["e_echo", "e_get-env", "read_graph"]) expect(names).not.toContain(name);
  expect(tools.find((tool) => tool.name === "say")).toMatchObject({
    description: "Says it again.",
    inputSchema: { properties: {} },
  });
  expect(textOf(await desk.callTool({ name: "say", arguments: {} }))).toContain("fixed");
  const hidden = desk.callTool({ name: "e_get-env", arguments: {} });
  expect(await hidden.then(textOf, String)).not.toContain("HOME");
  const elsewhere = (await all.listTools()).tools.map((tool) => tool.name);
  expect(elsewhere).toEqual(expect.arrayContaining(["e_echo", "e_get-env", "read_graph"]));
  expect(elsewhere).not.toContain("say");
  await Promise.all([desk.close(), all.close()]);
  expect(await network.stop()).toBe(0);
});

verifies("upstreams.live-profiles", "by saving the configuration", async () => {
  const servers = { memory: npmServer("memory") };
  await using installation = await known(servers);
  const network = await NetworkServer.start(installation);
  const save = (profiles: object) => configure(installation, servers, { serve: { profiles } });
  const only = (tool: string, rename: string) => ({
    mode: "direct",
    context: { sources: ["memory"] },
    overrides: [
      { match: tool, rename },
      { match: "*", hide: true },
    ],
  });
  await expect(connectTo(network, "/mcp/desk")).rejects.toThrow("There is nothing at this path");
  await save({ desk: only("read_graph", "look") });
  const desk = await vi.waitFor(() => connectTo(network, "/mcp/desk"), { timeout: 20_000 });
  const namesOf = async () =>
    (await desk.listTools(undefined, { cacheMode: "refresh" })).tools.map(({ name }) => name);
  expect(await namesOf()).toEqual(["look"]);
  const look = { name: "look", arguments: {} };
  expect(textOf(await desk.callTool(look))).toContain("entities");
  let changes = 0;
  desk.setNotificationHandler("notifications/tools/list_changed", () => void (changes += 1));
  await save({ desk: only("search_nodes", "seek"), other: only("read_graph", "see") });
  await vi.waitFor(async () => expect(await namesOf()).toEqual(["seek"]), { timeout: 20_000 });
  await vi.waitFor(() => expect(changes).toBeGreaterThan(0), { timeout: 20_000 });
  expect(await desk.callTool(look).then(textOf, String)).not.toContain("entities");
  const other = await connectTo(network, "/mcp/other");
  expect((await other.listTools()).tools.map(({ name }) => name)).toEqual(["see"]);
  await save({ other: only("read_graph", "see") });
  const seek = { name: "seek", arguments: { query: "" } };
  await vi.waitFor(
    async () => await expect(desk.callTool(seek)).rejects.toThrow("There is nothing at this path"),
    {
      timeout: 20_000,
    },
  );
  const see = { name: "see", arguments: {} };
  expect(textOf(await other.callTool(see))).toContain("entities");
  await save({ desk: only("read_graph", "again"), other: only("read_graph", "see") });
  const back = await vi.waitFor(() => connectTo(network, "/mcp/desk"), { timeout: 20_000 });
  expect((await back.listTools()).tools.map(({ name }) => name)).toEqual(["again"]);
  await Promise.all([desk, other, back].map((client) => client.close()));
  expect(await network.stop()).toBe(0);
});

/** What a client that listens reads until the stream ends, in each of the ways to listen. */
async function listen(network: NetworkServer, path: string): Promise<readonly Promise<string>[]> {
  const url = new URL(path, network.endpoint);
  const accept = "application/json, text/event-stream";
  const send = (method: "POST" | "GET", headers: object, body?: object) =>
    fetch(url, {
      method,
      headers: { accept, "content-type": "application/json", ...network.authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }) }),
    });
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "e2e", version: "1" },
  };
  const begun = await send("POST", {}, { method: "initialize", params });
  const session = { "mcp-session-id": begun.headers.get("mcp-session-id") ?? "" };
  await begun.text();
  const legacy = await send("GET", session);
  expect(legacy.status).toBe(200);
  const revision = "2026-07-28";
  const method = "subscriptions/listen";
  const modern = await send(
    "POST",
    { "mcp-protocol-version": revision, "mcp-method": method },
    {
      method,
      params: {
        notifications: { toolsListChanged: true },
        _meta: {
          "io.modelcontextprotocol/protocolVersion": revision,
          "io.modelcontextprotocol/clientInfo": params.clientInfo,
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    },
  );
  expect(modern.status).toBe(200);
  return [legacy.text(), modern.text(), Promise.resolve(session["mcp-session-id"])];
}

verifies("upstreams.live-profiles", "and ends who listens to one that is gone", async () => {
  const servers = { memory: npmServer("memory") };
  await using installation = await known(servers, {
    serve: { profiles: { desk: { mode: "direct" }, other: { mode: "direct" } } },
  });
  const network = await NetworkServer.start(installation);
  const [legacy, modern, session] = await listen(network, "/mcp/desk");
  const [others] = await listen(network, "/mcp/other");
  const other = await connectTo(network, "/mcp/other");
  await configure(installation, servers, { serve: { profiles: { other: { mode: "direct" } } } });
  expect(await modern).toMatch(/"result":/u);
  expect(await legacy).toContain("id:");
  const desk = { mode: "search" };
  await configure(installation, servers, {
    serve: { profiles: { desk, other: { mode: "direct" } } },
  });
  await (await vi.waitFor(() => connectTo(network, "/mcp/desk"), { timeout: 20_000 })).close();
  // Its sessions are gone with the one that was.
  const headers = { ...network.authorization, "mcp-session-id": (await session) ?? "" };
  const accept = { accept: "text/event-stream" };
  const again = await fetch(new URL("/mcp/desk", network.endpoint), {
    headers: { ...headers, ...accept },
  });
  expect(again.status).toBe(404);
  expect((await other.listTools()).tools.length).toBeGreaterThan(0);
  expect(await Promise.race([others, Promise.resolve("open")])).toBe("open");
  await other.close();
  expect(await network.stop()).toBe(0);
});

verifies("upstreams.files", "under the rules of op-mcp, and told to the audit log", async () => {
  await using installation = await installationWith({});
  const folder = join(installation.home, "work");
  await mkdir(folder);
  const files = { ...npmServer("filesystem", folder), prefix: "fs" };
  const rule = { name: "no-moving", effect: "deny", tools: ["fs_move_file"] };
  const config = {
    upstreams: { servers: { files } },
    disclosure: { mode: "direct" },
    policy: { rules: [rule] },
  };
  await installation.write("config/op-mcp/config.json", JSON.stringify(config));
  await installation.run(["tools"]);
  const asked: string[] = [];
  const answers = ["accept", "decline"] as const;
  const person = (message: string) => answers[asked.push(message) - 1] ?? "decline";
  {
    await using connected = await connect(installation, { era: "legacy", person });
    const call = async (tool: string, args: object) =>
      textOf(await connected.client.callTool({ name: tool, arguments: { ...args } }));
    const write = (name: string) =>
      call("fs_write_file", { path: join(folder, name), content: `in ${name}` });
    await write("one");
    expect(await readFile(join(folder, "one"), "utf8")).toBe("in one");
    expect(await write("two")).toContain("ERR_APPROVAL_DECLINED");
    await expect(readFile(join(folder, "two"))).rejects.toThrow("ENOENT");
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain('the tool "fs_write_file" of "files"');
    expect(await call("fs_read_text_file", { path: join(folder, "one") })).toContain("in one");
    expect(await call("fs_list_directory", { path: folder })).toContain("[FILE] one");
    expect(await call("fs_read_text_file", { path: "/etc/passwd" })).toContain("denied");
    const move = { source: join(folder, "one"), destination: join(folder, "three") };
    const refused = await call("fs_move_file", move);
    expect(refused).toContain("ERR_POLICY_DENIED");
    expect(refused).toContain("no-moving");
  }
  const { stdout } = await installation.run(["audit", "query", "--json", "--kind", "call-ended"]);
  const entries: { tool: string; outcome: string }[] = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  expect(entries.toReversed().map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual([
    "fs_write_file ok",
    "fs_write_file refused",
    "fs_read_text_file ok",
    "fs_list_directory ok",
    "fs_read_text_file failed",
    "fs_move_file refused",
  ]);
});

verifies("upstreams.idle", "and those that are to be warm run from the start", async () => {
  const memory = { ...npmServer("memory"), idleMs: 2000 };
  const every = { ...npmServer("everything"), warm: true, idleMs: 2000 };
  await using installation = await known({ memory, every });
  await using connected = await connect(installation, { era: "legacy" });
  const { client, pid } = connected;
  const running = (name: string) =>
    vi.waitFor(
      async () => {
        const status = textOf(await client.callTool({ name: "server_status", arguments: {} }));
        expect(status).toContain(`\\"name\\":\\"${name}\\",\\"state\\":\\"connected\\"`);
      },
      { timeout: 20_000 },
    );
  await running("every");
  const warm = descendantsOf(pid);
  await client.callTool({ name: "read_graph", arguments: {} });
  const idle = descendantsOf(pid).filter((child) => !warm.includes(child));
  expect(idle.length).toBeGreaterThan(0);
  await waitUntilGone(idle);
  expect(descendantsOf(pid)).toEqual(warm);
  expect(textOf(await client.callTool({ name: "read_graph", arguments: {} }))).toContain(
    "entities",
  );
});
