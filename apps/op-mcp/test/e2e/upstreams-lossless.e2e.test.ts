import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { installationWith } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";
import { Wire, type Message } from "./wire.ts";

const script = fileURLToPath(new URL("odd-server.mjs", import.meta.url));
const odd = { "x-odd": ["kept"] };
const clientInfo = { name: "wire", version: "1" };
const capabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };

/** What somebody says to each question, with more than anybody wants to know. */
const given: Readonly<Record<string, object>> = {
  "elicitation/create": { action: "accept", content: { name: "Ada" }, ...odd },
  "sampling/createMessage": {
    role: "assistant",
    model: "m",
    content: { type: "text", text: "!" },
    ...odd,
  },
  "roots/list": { roots: [{ uri: "file:///r", name: "r", ...odd }], ...odd },
};

const patience = { timeout: 20_000 };

type Era = "handshake" | "stateless";

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": clientInfo,
  "io.modelcontextprotocol/clientCapabilities": capabilities,
  "io.modelcontextprotocol/logLevel": "debug",
};

function isObject(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One side of the comparison: asks, answers what is asked back, and comes back where it has to. */
class Side {
  readonly wire: Wire;
  readonly questions: unknown[] = [];
  readonly #era: Era;

  constructor(child: ChildProcessWithoutNullStreams, era: Era) {
    this.#era = era;
    this.wire = new Wire(child, (question) => this.#answer(question));
  }

  async begin(): Promise<void> {
    if (this.#era === "stateless") return;
    await this.wire.initialize(capabilities);
    await this.wire.ask("logging/setLevel", { level: "debug" });
  }

  /** What comes as an answer, less what belongs to the way it came. */
  async ask(method: string, params: Message = {}): Promise<unknown> {
    const { _meta: meta = {} } = params;
    const _meta = this.#era === "stateless" ? { ...envelope, ...Object(meta) } : meta;
    const { result, error } = await this.wire.ask(method, { ...params, _meta });
    if (!isObject(result)) return { error };
    const {
      inputRequests,
      requestState,
      resultType,
      ttlMs: _ttl,
      cacheScope: _scope,
      ...said
    } = result;
    if (resultType !== "input_required") return { result: withoutServerInfo(said) };
    const asked = Object.entries(inputRequests as Record<string, Message>);
    const responses = asked.map(([key, question]) => [key, this.#answer(question)]);
    const inputResponses = Object.fromEntries(responses);
    return await this.ask(method, { ...params, requestState, inputResponses });
  }

  /** What was told besides, of some methods. */
  told(...methods: readonly string[]): readonly unknown[] {
    return this.wire.received
      .filter(({ method }) => methods.includes(String(method)))
      .map(({ method, params }) => ({ method, params }));
  }

  #answer({ method, params }: Message): object {
    this.questions.push({ method, params: withoutKey(params) });
    return given[String(method)] ?? {};
  }
}

/** Servers of the stateless era sign their answers. */
function withoutServerInfo({ _meta: meta, ...said }: Message): Message {
  if (!isObject(meta)) return said;
  const { "io.modelcontextprotocol/serverInfo": _signature, ...rest } = meta;
  return Object.keys(rest).length === 0 ? said : { ...said, _meta: rest };
}

/** op-mcp says under which key it asks, where the revision has no place for keys. */
function withoutKey(params: unknown): unknown {
  if (!isObject(params)) return {};
  const { _meta: meta, ...rest } = params;
  const { "op-mcp/input-key": _key, ...others } = isObject(meta) ? meta : {};
  return Object.keys(others).length === 0 ? rest : { ...rest, _meta: others };
}

/** The server's own of a list in which others have theirs. */
function onlyOdd(answer: unknown, list: string): unknown {
  const items = (answer as { readonly result: Record<string, readonly Message[]> }).result[list];
  return items?.filter((item) => JSON.stringify(item).includes("x-odd"));
}

const lists = {
  "tools/list": "tools",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
  "prompts/list": "prompts",
} as const;

const exchanges: readonly (readonly [string, Message])[] = [
  ["tools/call", { name: "odd", arguments: {} }],
  ["tools/call", { name: "report", arguments: {}, _meta: { progressToken: "t" } }],
  ["tools/call", { name: "fail", arguments: {} }],
  ["tools/call", { name: "ask", arguments: {} }],
  ["tools/call", { name: "what", arguments: {}, _meta: { "example.org/mine": odd } }],
  ["resources/read", { uri: "odd://one" }],
  ["prompts/get", { name: "p", arguments: { a: "1" } }],
  [
    "completion/complete",
    { ref: { type: "ref/prompt", name: "p" }, argument: { name: "a", value: "" } },
  ],
];

async function expectSame(direct: Side, through: Side): Promise<void> {
  for (const [method, list] of Object.entries(lists)) {
    await expect
      .poll(async () => onlyOdd(await through.ask(method), list), patience)
      .not.toEqual([]);
    const near = onlyOdd(await direct.ask(method), list);
    const far = onlyOdd(await through.ask(method), list);
    expect(JSON.stringify(far), method).toBe(JSON.stringify(near));
  }
  for (const [method, params] of exchanges) {
    const near = await direct.ask(method, params);
    expect(await through.ask(method, params), JSON.stringify(params)).toEqual(near);
  }
  expect(through.questions).toEqual(direct.questions);
  const telling = ["notifications/progress", "notifications/message"];
  expect(through.told(...telling)).toEqual(direct.told(...telling));
}

/** A call that is cancelled is cancelled there, and a resource that is followed is told of. */
async function expectAttached({ wire }: Side): Promise<void> {
  const hang = { name: "hang", arguments: {} };
  wire.write(
    `${JSON.stringify({ jsonrpc: "2.0", id: "h", method: "tools/call", params: hang })}\n`,
  );
  const cancelled = { requestId: "h", reason: "enough of it" };
  const told = { jsonrpc: "2.0", method: "notifications/cancelled", params: cancelled };
  const what = async (): Promise<string> =>
    JSON.stringify(await wire.ask("tools/call", { name: "what", arguments: {} }));
  await expect.poll(what, patience).toContain(String.raw`\"begun\":1`);
  wire.write(`${JSON.stringify(told)}\n`);
  await expect.poll(what, patience).toContain("enough of it");
  await wire.ask("resources/subscribe", { uri: "odd://one" });
  const params = { uri: "odd://one" };
  await expect
    .poll(() => wire.received, patience)
    .toContainEqual({ jsonrpc: "2.0", method: "notifications/resources/updated", params });
}

async function startOverHttp(): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [script, "http"], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed]: Buffer[] = await once(child.stdout, "data");
  return {
    url: String(printed).trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

const ways = (["stdio", "HTTP"] as const).flatMap((way) =>
  (["handshake", "stateless"] as const).map((era) => [way, era] as const),
);

describe.each(ways)("a server over %s, to a client of the %s era", (way, era) => {
  verifies("upstreams.lossless", `${way}, ${era}`, async () => {
    await using stack = new AsyncDisposableStack();
    const program = { command: process.execPath, args: [script] };
    const where = way === "stdio" ? program : { url: stack.use(await startOverHttp()).url };
    const more = { keepUris: true, connections: "per-session" };
    const installation = stack.use(await installationWith({ odd: { ...where, ...more } }));
    const alone = stack.adopt(
      spawn(program.command, program.args, { stdio: "pipe" }),
      (child) => void child.kill(),
    );
    const direct = new Side(alone, "handshake");
    const through = new Side(installation.spawn(), era);
    await direct.begin();
    await through.begin();
    await expectSame(direct, through);
    if (era === "handshake") await expectAttached(through);
  });
});
