import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOpError } from "op-core";
import { createTestContext } from "op-tools/testing";
import { describe, expect, it, vi } from "vitest";
import type { ToolRule, UpstreamConfig, UpstreamSources } from "../../src/index.ts";
import { cutOffServer } from "../fixtures/cut-off-server.ts";
import { openRig, scriptServer, type Rig } from "../fixtures/real-upstreams.ts";

const { signal } = new AbortController();
const principal = { id: "alice", scopes: [] };

interface CutOff extends AsyncDisposable {
  readonly rig: Rig;
  readonly sources: UpstreamSources;
  /** What the server's processes were asked, each after its id. */
  asked(): Promise<readonly string[]>;
  /** Waits until the server works on something, and kills it. */
  kill(): Promise<void>;
}

/** A server that is killed while it works. */
async function openCutOff(more: Partial<UpstreamConfig> = {}): Promise<CutOff> {
  const folder = await mkdtemp(join(tmpdir(), "op-cut-off-"));
  const file = join(folder, "asked");
  const rig = await openRig([
    { name: "cut", transport: scriptServer(cutOffServer(file)), keepUris: true, ...more },
  ]);
  const [sources] = rig.aggregator.upstreams as [UpstreamSources];
  const asked = async (): Promise<readonly string[]> =>
    (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return {
    rig,
    sources,
    asked,
    kill: async () => {
      const lines = await vi.waitFor(
        async () => {
          const now = await asked();
          expect(now).not.toEqual([]);
          return now;
        },
        { timeout: 20_000 },
      );
      process.kill(Number(lines.at(-1)?.split(" ")[0]), "SIGKILL");
    },
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function callTool({ tools }: UpstreamSources, name: string): Promise<string> {
  const tool = await tools.load(name, { signal });
  return await tool.call({}, createTestContext()).then(
    ({ content }) => (content[0]?.type === "text" ? content[0].text : "nothing"),
    (error: unknown) => (isOpError(error) ? `${error.code}: ${error.message}` : String(error)),
  );
}

/** Whatever is done is cut off by killing the server. */
async function cutOff<T>(cut: CutOff, work: Promise<T>): Promise<T> {
  await cut.kill();
  return await work;
}

const lost =
  'ERR_UPSTREAM_CALL_LOST: The call of "send" was cut off: cut left before it answered. It may or may not have been carried out.';

describe("a call whose server is killed in its midst", () => {
  it.each(["read", "again"])("is made again where its hints allow it (%s)", async (name) => {
    await using cut = await openCutOff();
    expect(await cutOff(cut, callTool(cut.sources, name))).toBe("done by the second");
    expect(await cut.asked()).toHaveLength(2);
    expect(cut.sources.status).toMatchObject({ repeats: 1, failures: 1 });
  });

  it("fails clearly where nothing says that it may be made twice", async () => {
    await using cut = await openCutOff();
    expect(await cutOff(cut, callTool(cut.sources, "send"))).toBe(lost);
    expect(await cut.asked()).toHaveLength(1);
    expect(await callTool(cut.sources, "send")).toBe("done by the second");
  });

  const cases: readonly (readonly [string, string, ToolRule, string])[] = [
    ["allows what has no hints", "send", { match: "se*", repeat: true }, "done by the second"],
    [
      "gives hints",
      "send",
      { match: "send", annotations: { idempotentHint: true } },
      "done by the second",
    ],
    ["forbids what has hints", "read", { match: "*", repeat: false }, "ERR_UPSTREAM_CALL_LOST"],
  ];
  it.each(cases)(
    "is made again, or not, as a rule says that %s",
    async (_what, name, rule, said) => {
      await using cut = await openCutOff({ tools: [rule] });
      expect(await cutOff(cut, callTool(cut.sources, name))).toContain(said);
      expect(await cut.asked()).toHaveLength(rule.repeat === false ? 1 : 2);
    },
  );

  it("is not made again on the word of a server that is not trusted", async () => {
    await using cut = await openCutOff({ trustAnnotations: false });
    const said = await cutOff(cut, callTool(cut.sources, "read"));
    expect(said).toContain("ERR_UPSTREAM_CALL_LOST");
  });

  it("is not made again where a person was asked something meanwhile", async () => {
    await using cut = await openCutOff({ connections: "per-session" });
    const calling = callTool(cut.sources, "ask");
    await vi.waitFor(async () => expect(await cut.asked()).toHaveLength(2), { timeout: 20_000 });
    expect(await cutOff(cut, calling)).toContain("ERR_UPSTREAM_CALL_LOST");
    expect(cut.sources.status.repeats).toBe(0);
  });
});

describe("what only reads is made again", () => {
  it("as the list of resources", async () => {
    await using cut = await openCutOff();
    const listed = await cutOff(cut, Array.fromAsync(cut.sources.resources.list({ signal })));
    expect(listed).toMatchObject([{ name: "done by the second" }]);
  });

  it("as a resource", async () => {
    await using cut = await openCutOff();
    const read = cut.sources.resources.read("cut:off", { signal, principal });
    expect(await cutOff(cut, read)).toMatchObject([{ text: "done by the second" }]);
  });

  it("as a prompt", async () => {
    await using cut = await openCutOff();
    const got = cut.sources.prompts.get("cut", {}, { signal, principal });
    expect(JSON.stringify(await cutOff(cut, got))).toContain("done by the second");
  });
});

it("what is cut off by closing is not made again, and leaves no process", async () => {
  const cut = await openCutOff();
  const calling = callTool(cut.sources, "read");
  await vi.waitFor(async () => expect(await cut.asked()).toHaveLength(1), { timeout: 20_000 });
  await cut.rig.aggregator[Symbol.asyncDispose]();
  expect(await calling).toContain("ERR_UPSTREAM_CALL_LOST");
  expect(await cut.asked()).toHaveLength(1);
  expect(cut.sources.status.repeats).toBe(0);
  expect(cut.rig.childCount).toBe(0);
  await cut[Symbol.asyncDispose]();
});

/** A server over HTTP that resets the connection of the first call, or has forgotten the session by then. */
async function openResetting(how: "reset" | "forget"): Promise<Server & { calls: number }> {
  const tools = ["read", "send"].map((name) => ({
    name,
    inputSchema: { type: "object" },
    annotations: { readOnlyHint: name === "read" },
  }));
  const results: Readonly<Record<string, object>> = {
    initialize: {
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "r", version: "1" },
    },
    "tools/list": { tools },
    "tools/call": { content: [{ type: "text", text: "the second time" }] },
  };
  const server = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => (body += chunk.toString()));
    req.on("end", () => {
      const { id, method = "" } = JSON.parse(body === "" ? "{}" : body);
      if (method === "tools/call") counted.calls += 1;
      const isFirst = method === "tools/call" && counted.calls === 1;
      if (isFirst && how === "reset") req.socket.resetAndDestroy();
      else if (id === undefined) res.writeHead(req.method === "POST" ? 202 : 405).end();
      else if (isFirst) res.writeHead(404).end();
      else {
        const result = results[method];
        const answer =
          result === undefined ? { error: { code: -32601, message: "no" } } : { result };
        res.writeHead(200, { "content-type": "application/json", "mcp-session-id": "s" });
        res.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
      }
    });
  });
  const counted = Object.assign(server, { calls: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return counted;
}

describe("over HTTP, a call", () => {
  const cases = [
    ["that reads, whose socket is reset, is made again", "reset", "read", "the second time"],
    ["that writes, whose socket is reset, fails", "reset", "send", "ERR_UPSTREAM_CALL_LOST"],
    ["that was refused with its session is made again", "forget", "send", "the second time"],
  ] as const;
  it.each(cases)("%s", async (_what, how, name, expected) => {
    const server = await openResetting(how);
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const transport = { kind: "http", url: `http://127.0.0.1:${port}/mcp` } as const;
    {
      await using rig = await openRig([{ name: "far", transport }]);
      const [sources] = rig.aggregator.upstreams as [UpstreamSources];
      expect(await callTool(sources, name)).toContain(expected);
    }
    expect(server.calls).toBe(expected === "the second time" ? 2 : 1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
