import type { JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { createMcpServer } from "../../src/index.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { createSampleHost, sampleTool } from "../fixtures/sample-host.ts";

const forms = { elicitation: { form: {} } };
const schema = { type: "object" } as const;

function open() {
  const host = createSampleHost();
  host.tools.add(sampleTool("order"), async (args, { ask }) => {
    const size = await ask({ key: "size", message: "Size?", schema });
    const sugar = await ask({ key: "sugar", message: "Sugar?", schema });
    return textResult(JSON.stringify([args, size, sugar]));
  });
  const clock = createManualClock();
  const server = createMcpServer({ host, clock });
  const client = new RawClient(server);
  return { server, client, clock, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

interface InputRequired {
  readonly resultType: string;
  readonly inputRequests: Readonly<Record<string, { readonly method: string }>>;
  readonly requestState: string;
}

async function call(client: RawClient, more: JsonObject = {}): Promise<InputRequired> {
  const params = { name: "order", arguments: { drink: "tea" }, ...more };
  const answer = await client.askModern("tools/call", params, forms);
  return (answer["result"] ?? answer["error"]) as InputRequired;
}

const accept = (content: JsonObject) => ({ action: "accept", content });

describe("a call that asks in the stateless era", () => {
  it("goes through one question after the other, and runs once all are answered", async () => {
    await using opened = open();
    const first = await call(opened.client);
    expect(first).toMatchObject({
      resultType: "input_required",
      inputRequests: { size: { method: "elicitation/create" } },
    });
    const second = await call(opened.client, {
      requestState: first.requestState,
      inputResponses: { size: accept({ size: "big" }), unasked: accept({}) },
    });
    expect(Object.keys(second.inputRequests)).toEqual(["sugar"]);
    const done = await call(opened.client, {
      requestState: second.requestState,
      inputResponses: { sugar: { action: "decline" } },
    });
    expect(done).toMatchObject({
      content: [
        {
          text: JSON.stringify([
            { drink: "tea" },
            { action: "accept", content: { size: "big" } },
            { action: "decline" },
          ]),
        },
      ],
    });
  });

  it("asks again when the answer is missing or was never asked for", async () => {
    await using opened = open();
    const unasked = await call(opened.client, { inputResponses: { size: accept({}) } });
    expect(Object.keys(unasked.inputRequests)).toEqual(["size"]);
    const without = await call(opened.client, { requestState: unasked.requestState });
    expect(Object.keys(without.inputRequests)).toEqual(["size"]);
  });

  it("refuses state that was changed, made for other arguments or given to somebody else", async () => {
    await using opened = open();
    const { requestState } = await call(opened.client);
    const inputResponses = { size: accept({}) };
    const tampered = `${requestState.slice(0, -2)}AA`;
    expect(await call(opened.client, { requestState: tampered, inputResponses })).toMatchObject({
      code: -32_602,
    });
    const other = { requestState, inputResponses, arguments: { drink: "coffee" } };
    expect(await call(opened.client, other)).toMatchObject({ code: -32_602 });
    const stranger = new RawClient(opened.server, { id: "unix:uid=1", scopes: [] });
    expect(await call(stranger, { requestState, inputResponses })).toMatchObject({ code: -32_602 });
  });

  it("asks again when state is replayed or came too late", async () => {
    await using opened = open();
    const { requestState } = await call(opened.client);
    const inputResponses = { size: accept({}) };
    expect(
      Object.keys((await call(opened.client, { requestState, inputResponses })).inputRequests),
    ).toEqual(["sugar"]);
    expect(
      Object.keys((await call(opened.client, { requestState, inputResponses })).inputRequests),
    ).toEqual(["size"]);
    const late = await call(opened.client);
    await opened.clock.advance(11 * 60_000);
    const again = await call(opened.client, { requestState: late.requestState, inputResponses });
    expect(Object.keys(again.inputRequests)).toEqual(["size"]);
  });
});
