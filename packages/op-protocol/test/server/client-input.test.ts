import type { JsonObject } from "op-core";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import {
  createMcpServer,
  requestInputs,
  type AskingReadOptions,
  type InputRequests,
} from "../../src/index.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { createSampleHost, sampleTool } from "../fixtures/sample-host.ts";

const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const requests: InputRequests = {
  name: { method: "elicitation/create", params: { message: "Name?", requestedSchema: {} } },
  poem: { method: "sampling/createMessage", params: { messages: [], maxTokens: 9 } },
  roots: { method: "roots/list" },
};

function open() {
  const host = createSampleHost();
  host.tools.add(sampleTool("asker"), async (_args, { ask }) =>
    textResult(JSON.stringify(await requestInputs(ask, requests))),
  );
  const [prompts] = host.prompts;
  const asking = {
    ...prompts!,
    get: async (_name: string, _args: object, { ask }: AskingReadOptions) => {
      const answers = await requestInputs(ask, { roots: { method: "roots/list" } });
      const text = JSON.stringify(answers);
      return { messages: [{ role: "user", content: { type: "text", text } } as const] };
    },
  };
  const server = createMcpServer({ host: { ...host, prompts: [asking] } });
  const client = new RawClient(server);
  return { host, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

interface Suspended {
  readonly resultType: string;
  readonly inputRequests: JsonObject;
  readonly requestState: string;
}

describe("what only the client can answer", () => {
  it("is asked in the session, all at once", async () => {
    await using opened = open();
    const { client } = opened;
    await client.initialize("2025-11-25", everything);
    client.say({ jsonrpc: "2.0", id: "c", method: "tools/call", params: { name: "asker" } });
    for (const [, { method }] of Object.entries(requests)) {
      const asked = await client.next((message) => message["method"] === method);
      client.say({ jsonrpc: "2.0", id: asked["id"], result: { of: method } });
    }
    const answer = await client.next((message) => message["id"] === "c");
    const text = JSON.stringify({
      name: { of: "elicitation/create" },
      poem: { of: "sampling/createMessage" },
      roots: { of: "roots/list" },
    });
    expect(answer).toMatchObject({ result: { content: [{ text }] } });
  });

  it("ends the call in the stateless era, which goes on with what was answered so far", async () => {
    await using opened = open();
    const call = async (more: JsonObject = {}) => {
      const params = { name: "asker", ...more };
      const answer = await opened.client.askModern("tools/call", params, everything);
      return answer["result"] as Suspended;
    };
    const first = await call();
    expect(first).toMatchObject({ resultType: "input_required", inputRequests: requests });
    const inputResponses = { name: { n: 1 }, roots: { r: 1 }, unasked: {} };
    const second = await call({ requestState: first.requestState, inputResponses });
    expect(Object.keys(second.inputRequests)).toEqual(["poem"]);
    const rest = { poem: { p: 1 } };
    const last = await call({ requestState: second.requestState, inputResponses: rest });
    const text = JSON.stringify({ name: { n: 1 }, poem: { p: 1 }, roots: { r: 1 } });
    expect(last).toMatchObject({ resultType: "complete", content: [{ text }] });
  });

  it.each([
    ["elicitation", { sampling: {}, roots: {} }, { elicitation: { form: {} } }],
    ["sampling", { elicitation: {}, roots: {} }, { sampling: {} }],
    ["roots", { elicitation: {}, sampling: {} }, { roots: {} }],
  ])("is not asked of a client without %s", async (_name, capabilities, requiredCapabilities) => {
    await using opened = open();
    const modern = await opened.client.askModern("tools/call", { name: "asker" }, capabilities);
    expect(modern).toMatchObject({ error: { code: -32_021, data: { requiredCapabilities } } });
    await opened.client.initialize("2025-11-25", capabilities);
    const legacy = await opened.client.ask("tools/call", { name: "asker" });
    expect(JSON.stringify(legacy["result"])).toContain("ERR_ASK_UNAVAILABLE");
  });

  it("can be asked for a prompt too", async () => {
    await using opened = open();
    const get = async (more: JsonObject = {}) => {
      const answer = await opened.client.askModern(
        "prompts/get",
        { name: "p", ...more },
        everything,
      );
      return answer["result"] as Suspended;
    };
    const first = await get();
    expect(first.inputRequests).toEqual({ roots: { method: "roots/list" } });
    const inputResponses = { roots: { roots: [] } };
    const done = await get({ requestState: first.requestState, inputResponses });
    expect(JSON.stringify(done)).toContain("roots");
    const refused = await opened.client.askModern("prompts/get", { name: "p" });
    expect(refused).toMatchObject({ error: { code: -32_021 } });
  });

  it("is refused where no client is", async () => {
    const ask = () => Promise.reject(new Error("never asked"));
    await expect(requestInputs(ask, requests)).rejects.toMatchObject({
      code: "ERR_ASK_UNAVAILABLE",
    });
  });
});
