import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, vi } from "vitest";
import { eras, parametersOf, textOf } from "./clients.ts";
import { descendantsOf, waitUntilGone } from "./descendants.ts";
import type { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { configure, installationWith, npmServer } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";

type Era = (typeof eras)[number][1];
type Way = "stdio" | "HTTP";

interface Connected extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
}

/** A client that answers what servers ask, connected in one of the ways there are. */
async function connectBy(way: Way, installation: Installation, mode: Era): Promise<Connected> {
  const client = new Client(
    { name: "e2e", version: "1" },
    { capabilities: { elicitation: {}, sampling: {} }, versionNegotiation: { mode } },
  );
  client.setRequestHandler("elicitation/create", () => ({
    action: "accept",
    content: { name: "Ada", check: true },
  }));
  client.setRequestHandler("sampling/createMessage", () => ({
    role: "assistant",
    model: "m",
    content: { type: "text", text: "sampled" },
  }));
  if (way === "stdio") {
    const transport = new StdioClientTransport({ ...parametersOf(installation), stderr: "ignore" });
    await client.connect(transport);
    const pid = transport.pid ?? 0;
    return { client, pid, [Symbol.asyncDispose]: () => client.close() };
  }
  const network = await NetworkServer.start(installation);
  const requestInit = { headers: network.authorization };
  await client.connect(new StreamableHTTPClientTransport(network.endpoint, { requestInit }));
  return {
    client,
    pid: network.child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await network.stop();
    },
  };
}

async function namesOf(client: Client): Promise<readonly string[]> {
  const { tools } = await client.listTools(undefined, { cacheMode: "refresh" });
  return tools.map(({ name }) => name);
}

async function untilListed(client: Client, name: string): Promise<void> {
  await vi.waitFor(async () => expect(await namesOf(client)).toContain(name), { timeout: 20_000 });
}

const ways = eras.flatMap(([name, era]) =>
  (["stdio", "HTTP"] as const).map((way) => [`${way}, ${name}`, way, era] as const),
);

describe.each(ways)("over %s", (name, way, era) => {
  verifies("upstreams.everything", name, async () => {
    await using installation = await installationWith({
      every: npmServer("everything"),
      memory: { ...npmServer("memory"), prefix: "mem" },
    });
    await using connected = await connectBy(way, installation, era);
    const { client } = connected;
    await untilListed(client, "get-sum");
    await untilListed(client, "mem_read_graph");
    const call = (tool: string, args: object = {}) =>
      client.callTool({ name: tool, arguments: { ...args } });
    expect(textOf(await call("get-sum", { a: 2, b: 40 }))).toContain("42");
    expect(textOf(await call("mem_read_graph"))).toContain("entities");
    expect(textOf(await call("get-structured-content", { location: "New York" }))).toContain(
      "temperature",
    );
    expect(textOf(await call("trigger-elicitation-request"))).toContain("Ada");
    expect(textOf(await call("trigger-sampling-request", { prompt: "say" }))).toContain("sampled");
    const steps: number[] = [];
    const long = { name: "trigger-long-running-operation", arguments: { duration: 1, steps: 3 } };
    await client.callTool(long, { onprogress: ({ progress }) => steps.push(progress) });
    expect(steps.slice(0, 2)).toEqual([1, 2]);
    const { resources } = await client.listResources();
    const uri = resources.map((each) => each.uri).find((each) => each.startsWith("every+")) ?? "";
    expect((await client.readResource({ uri })).contents[0]).toMatchObject({ uri });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(textOf(resourceTemplates)).toContain("every+demo://");
    const { prompts } = await client.listPrompts();
    expect(textOf(prompts)).toContain("args-prompt");
    const prompt = await client.getPrompt({ name: "args-prompt", arguments: { city: "Oslo" } });
    expect(textOf(prompt)).toContain("Oslo");
    const { completion } = await client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "E" },
    });
    expect(completion.values).toEqual(["Engineering"]);
  });
});

verifies("upstreams.names", "by the order of the configuration, from run to run", async () => {
  const twins = { first: npmServer("memory"), second: npmServer("memory") };
  await using installation = await installationWith(twins);
  const seen: (readonly string[])[] = [];
  for (const _run of [1, 2]) {
    await using connected = await connectBy("stdio", installation, "legacy");
    await untilListed(connected.client, "second_read_graph");
    await untilListed(connected.client, "read_graph");
    await vi.waitFor(async () => {
      const names = await namesOf(connected.client);
      expect(names.filter((name) => name.startsWith("second_"))).toHaveLength(9);
    });
    seen.push(await namesOf(connected.client));
  }
  expect(seen[0]).toEqual(seen[1]);
});

verifies("upstreams.hang", "at its start and in every later run", async () => {
  const hang = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] };
  await using installation = await installationWith({ hang, memory: npmServer("memory") });
  for (const _run of [1, 2]) {
    const began = performance.now();
    await using connected = await connectBy("stdio", installation, "legacy");
    await namesOf(connected.client);
    expect(performance.now() - began).toBeLessThan(5000);
    await untilListed(connected.client, "read_graph");
    const status = await connected.client.callTool({ name: "server_status", arguments: {} });
    expect(textOf(status)).toContain('\\"name\\":\\"hang\\"');
    await connected.client.listResources();
    await connected.client.listPrompts();
    expect(performance.now() - began).toBeLessThan(20_000);
  }
});

verifies("upstreams.hang", "whose tools a call of an unknown one is told to miss", async () => {
  const hang = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] };
  await using installation = await installationWith({
    hang: { ...hang, connectTimeoutMs: 60_000 },
    memory: { ...npmServer("memory"), prefix: "mem" },
  });
  await using connected = await connectBy("stdio", installation, "legacy");
  const { client } = connected;
  // Right after the first start of all, a tool is waited for, also where another calls it.
  const through = { name: "call_tool", arguments: { name: "mem_read_graph", arguments: {} } };
  const first = await Promise.all([
    client.callTool({ name: "mem_read_graph" }),
    client.callTool(through),
  ]);
  for (const result of first) expect(textOf(result)).toContain("entities");
  const refusal = async (name: string): Promise<string> => {
    const error: unknown = await client.callTool({ name }).catch((thrown: unknown) => thrown);
    return String(error);
  };
  expect(await refusal("mem_read_graf")).toContain("mem_read_graph");
  // What may be a tool of the one that hangs is waited for, but not each time.
  expect(await refusal("some_tool")).toContain("The tools of hang (it has not answered yet)");
  const named = { name: "call_tool", arguments: { name: "some_tool", arguments: {} } };
  const answer = await client.callTool(named).then(textOf, String);
  expect(answer).toContain("The tools of hang (it has not answered yet)");
  const again = performance.now();
  await refusal("some_other_tool");
  expect(performance.now() - again).toBeLessThan(2500);
});

verifies(
  "upstreams.lazy",
  "from the manifest of an earlier run, however short it was",
  async () => {
    const slow = fileURLToPath(new URL("slow-lists-server.mjs", import.meta.url));
    await using installation = await installationWith({
      memory: npmServer("memory"),
      slow: { command: process.execPath, args: [slow] },
    });
    const first = await installation.run(["tools"]);
    expect(first.stdout).toContain("read_graph");
    expect(first.stdout).toContain("nod");
    await using connected = await connectBy("stdio", installation, { pin: "2026-07-28" });
    const { client, pid } = connected;
    expect(await namesOf(client)).toEqual(expect.arrayContaining(["read_graph", "nod"]));
    expect(textOf(await client.listResources())).toContain("slow+slow://one");
    expect(textOf(await client.listPrompts())).toContain("two");
    expect(descendantsOf(pid)).toEqual([]);
    const read = { name: "read_graph", arguments: {} };
    expect(textOf(await client.callTool(read))).toContain("entities");
    expect(descendantsOf(pid).length).toBeGreaterThan(0);
  },
);

describe.each(["SIGKILL", "SIGTERM"] as const)("ended by %s", (signal) => {
  verifies("upstreams.nothing-left", signal, async () => {
    await using installation = await installationWith({
      memory: npmServer("memory"),
      shell: {
        command: "/bin/sh",
        args: [
          "-c",
          `exec 3<&0; ${process.execPath} "$0" <&3 & sleep 1000`,
          npmServer("everything").args[0],
        ],
      },
    });
    const network = await NetworkServer.start(installation);
    const client = new Client({ name: "e2e", version: "1" });
    const requestInit = { headers: network.authorization };
    await client.connect(new StreamableHTTPClientTransport(network.endpoint, { requestInit }));
    await untilListed(client, "read_graph");
    await untilListed(client, "echo");
    const children = descendantsOf(network.child.pid ?? 0);
    expect(children.length).toBeGreaterThan(3);
    network.child.kill(signal);
    await network.exited;
    await waitUntilGone(children);
    await client.close();
  });
});

verifies("upstreams.live", "by saving the configuration", async () => {
  const memory = npmServer("memory");
  await using installation = await installationWith({ memory });
  await using connected = await connectBy("HTTP", installation, { pin: "2026-07-28" });
  const { client, pid } = connected;
  await untilListed(client, "read_graph");
  await client.callTool({ name: "read_graph", arguments: {} });
  const before = descendantsOf(pid);
  await configure(installation, { memory, every: { ...npmServer("everything"), prefix: "e" } });
  await untilListed(client, "e_echo");
  expect(descendantsOf(pid)).toEqual(expect.arrayContaining([...before]));
  await configure(installation, { memory, every: { ...npmServer("everything"), prefix: "other" } });
  await untilListed(client, "other_echo");
  await vi.waitFor(async () => expect(await namesOf(client)).not.toContain("e_echo"), {
    timeout: 20_000,
  });
  const echo = { name: "other_echo", arguments: { message: "hello" } };
  expect(textOf(await client.callTool(echo))).toContain("hello");
  await configure(installation, { memory });
  await vi.waitFor(async () => expect(await namesOf(client)).not.toContain("other_echo"), {
    timeout: 20_000,
  });
  expect(descendantsOf(pid)).toEqual(expect.arrayContaining([...before]));
  expect(textOf(await client.callTool({ name: "read_graph", arguments: {} }))).toContain(
    "entities",
  );
});
