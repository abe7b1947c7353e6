import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { Wire, type Message } from "./wire.ts";

/** What no revision of the protocol knows. */
export const odd = { "x-odd": ["kept"] };
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

/** Which era a side speaks. */
export type Era = "handshake" | "stateless";

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
export class Side {
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
