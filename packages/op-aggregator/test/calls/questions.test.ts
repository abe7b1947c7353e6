import type { JsonObject } from "op-core";
import type { InputAnswerer } from "op-protocol/client";
import { textResult, type Tool } from "op-tools";
import { describe, expect, it } from "vitest";
import { openChain } from "../fixtures/chain.ts";

const schema = { type: "object", properties: { name: { type: "string" } } } as const;

/** Asks twice, and counts how often it began. */
function createAskingTool(): { readonly tool: Tool; readonly begun: () => number } {
  let begun = 0;
  const tool: Tool = {
    name: "greet",
    description: "Asks.",
    inputSchema: { type: "object" },
    annotations: {},
    category: "x",
    tags: [],
    source: "far",
    risk: "read",
    call: async (_args, { ask }) => {
      begun += 1;
      const first = await ask({ key: "first", message: "First?", schema });
      const second = await ask({ key: "second", message: "Second?", schema });
      return textResult(JSON.stringify([first, second]));
    },
  };
  return { tool, begun: () => begun };
}

function answerWith(
  answers: Readonly<Record<string, JsonObject>>,
): InputAnswerer & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    session: "test",
    answer: (requests) =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(requests).map(([key, { params }]) => {
            const message = params?.["message"] as string;
            asked.push(message);
            return [key, answers[message] ?? { action: "cancel" }];
          }),
        ),
      ),
  };
}

const eras = ["legacy", "modern"] as const;
const ways = eras.flatMap((client) => eras.map((upstream) => ({ client, upstream })));

describe.each(ways)("a $upstream upstream asking a $client client", (way) => {
  it("gets each answer for its own question", async () => {
    const { tool, begun } = createAskingTool();
    await using chain = await openChain([tool], way);
    const input = answerWith({
      "First?": { action: "accept", content: { name: "Ada" } },
      "Second?": { action: "decline" },
    });
    const result = await chain.client.request("tools/call", { name: "greet" }, { input });
    expect(result["content"]).toEqual([
      {
        type: "text",
        text: '[{"action":"accept","content":{"name":"Ada"}},{"action":"decline"}]',
      },
    ]);
    expect(input.asked).toEqual(["First?", "Second?"]);
    // A server that asks in the middle of a call must not be called again for the answer.
    expect(begun()).toBe(way.upstream === "legacy" ? 1 : begun());
    expect(chain.aggregator.upstreams[0]?.status.inFlight).toBe(0);
  });

  it("is told when the client goes away meanwhile", async () => {
    const { tool } = createAskingTool();
    await using chain = await openChain([tool], way);
    const controller = new AbortController();
    const input: InputAnswerer = {
      session: "test",
      answer: () => {
        controller.abort(new Error("gone"));
        return new Promise(() => undefined);
      },
    };
    const call = chain.client.request(
      "tools/call",
      { name: "greet" },
      { input, signal: controller.signal },
    );
    await expect(Promise.race([call, untilAborted(controller.signal)])).rejects.toThrow("gone");
  });
});

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

describe("questions of several calls at once", () => {
  const way = { client: "legacy", upstream: "legacy" } as const;
  const answers = (name: string) =>
    answerWith({
      "First?": { action: "accept", content: { name } },
      "Second?": { action: "accept", content: { name } },
    });
  const expected = (name: string) => {
    const answer = { action: "accept", content: { name } };
    return [{ type: "text", text: JSON.stringify([answer, answer]) }];
  };

  it("go to the right people where each session has a connection of its own", async () => {
    const { tool } = createAskingTool();
    await using chain = await openChain([tool], way, { connections: "per-session" });
    const call = async (client: typeof chain.client, name: string) => {
      const params = { name: "greet", arguments: {} };
      return await client.request("tools/call", params, { input: answers(name) });
    };
    const [first, second] = await Promise.all([
      call(chain.client, "Ada"),
      call(chain.other, "Bob"),
    ]);
    expect(first["content"]).toEqual(expected("Ada"));
    expect(second["content"]).toEqual(expected("Bob"));
  });

  it("of one session are all answered", async () => {
    const { tool } = createAskingTool();
    await using chain = await openChain([tool], way);
    const calls = [1, 2, 3].map((n) =>
      chain.client.request(
        "tools/call",
        { name: "greet", arguments: { n } },
        { input: answers("Ada") },
      ),
    );
    for (const { content } of await Promise.all(calls)) expect(content).toEqual(expected("Ada"));
  });

  it("of two sessions on a shared connection go to nobody", async () => {
    const { tool } = createAskingTool();
    await using chain = await openChain([tool], way);
    const inputs = [answers("Ada"), answers("Bob")];
    const results = await Promise.all(
      [chain.client, chain.other].map((client, index) => {
        const input = inputs[index];
        return client.request(
          "tools/call",
          { name: "greet" },
          input === undefined ? {} : { input },
        );
      }),
    );
    const texts = results.map((result) => JSON.stringify(result["content"]));
    expect(texts[0]).not.toContain("Bob");
    expect(texts[1]).not.toContain("Ada");
  });
});

describe.each(eras)("a legacy upstream that asks a %s client several things at once", (client) => {
  const way = { client, upstream: "legacy" } as const;
  const tool: Tool = {
    ...createAskingTool().tool,
    call: async (_args, { ask }) => {
      const asked = ["name", "town", "colour"].map(async (key) => {
        const answer = await ask({ key, message: `${key}?`, schema }).catch(String);
        return [key, answer];
      });
      return textResult(JSON.stringify(Object.fromEntries(await Promise.all(asked))));
    },
  };

  it("has each answered, and all in one go where the client has to come back", async () => {
    await using chain = await openChain([tool], way);
    const accept = (name: string) => ({ action: "accept", content: { name } });
    const given = { "name?": accept("Ada"), "town?": accept("Rome"), "colour?": accept("red") };
    const input = answerWith(given);
    const rounds: number[] = [];
    const counting: InputAnswerer = {
      ...input,
      answer: (requests, context) => {
        rounds.push(Object.keys(requests).length);
        return input.answer(requests, context);
      },
    };
    const result = await chain.client.request("tools/call", { name: "greet" }, { input: counting });
    const text =
      '{"name":{"action":"accept","content":{"name":"Ada"}},"town":{"action":"accept","content":{"name":"Rome"}},"colour":{"action":"accept","content":{"name":"red"}}}';
    expect(result["content"]).toEqual([{ type: "text", text }]);
    expect(rounds).toEqual(client === "modern" ? [3] : [1, 1, 1]);
  });
});
