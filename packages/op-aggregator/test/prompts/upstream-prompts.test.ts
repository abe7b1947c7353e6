import type { AskingReadOptions } from "op-protocol";
import { openUpstreamClient, type InputAnswerer } from "op-protocol/client";
import { PromptNotFoundError, type PromptSource, type ReadOptions } from "op-tools";
import { describe, expect, it } from "vitest";
import { openAggregator } from "../../src/index.ts";
import { serve } from "../fixtures/chain.ts";

const { signal } = new AbortController();
const principal = { id: "alice", scopes: [] };

const prompts: PromptSource = {
  name: "far",
  async *list() {
    yield { name: "greet", title: "Greet", arguments: [{ name: "who", required: true }] };
  },
  get: (name, { who = "" }) =>
    name === "greet"
      ? Promise.resolve({
          messages: [
            { role: "user", content: { type: "resource_link", uri: "note://a", name: who } },
          ],
        })
      : Promise.reject(new PromptNotFoundError(name)),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

describe("the prompts of an upstream", () => {
  it("have its prefix, and their links lead to where its resources are", async () => {
    await using served = await serve([], [], [prompts]);
    const transport = { kind: "custom", connect: served.connect } as const;
    await using aggregator = await openAggregator({
      clientInfo: { name: "test", version: "1" },
      upstreams: [{ name: "far", prefix: "far", transport }],
    });
    const [sources] = aggregator.upstreams;
    expect(await Array.fromAsync(sources!.prompts.list({ signal }))).toEqual([
      { name: "far_greet", title: "Greet", arguments: [{ name: "who", required: true }] },
    ]);
    const { messages } = await sources!.prompts.get(
      "far_greet",
      { who: "Ada" },
      { signal, principal },
    );
    expect(messages).toEqual([
      { role: "user", content: { type: "resource_link", uri: "far+note://a", name: "Ada" } },
    ]);
  });

  it("are found although an upstream before them cannot be reached", async () => {
    await using served = await serve([], [], [prompts]);
    await using aggregator = await openAggregator({
      clientInfo: { name: "test", version: "1" },
      upstreams: [
        {
          name: "gone",
          transport: { kind: "custom", connect: () => Promise.reject(new Error("gone")) },
        },
        { name: "far", transport: { kind: "custom", connect: served.connect } },
      ],
    });
    const [gone, far] = aggregator.upstreams;
    await expect(gone!.prompts.get("greet", {}, { signal, principal })).rejects.toMatchObject({
      code: "ERR_PROMPT_NOT_FOUND",
    });
    expect((await far!.prompts.get("greet", {}, { signal, principal })).messages).toHaveLength(1);
  });
});

const asking: PromptSource = {
  ...prompts,
  get: async (_name, _args, { ask }: ReadOptions & Partial<AskingReadOptions>) => {
    if (ask === undefined) throw new Error("nobody can be asked");
    const schema = { type: "object", properties: { name: { type: "string" } } } as const;
    const answer = await ask({ key: "who", message: "Who?", schema });
    return {
      messages: [{ role: "user", content: { type: "text", text: JSON.stringify(answer) } }],
    };
  },
};

const eras = ["legacy", "modern"] as const;

describe.each(eras.flatMap((near) => eras.map((far) => ({ near, far }))))(
  "a prompt of a $far upstream that asks a $near client",
  ({ near, far }) => {
    it("is filled in with the answer, in one request to a server that waits for it", async () => {
      let begun = 0;
      const counted: PromptSource = {
        ...asking,
        get: (...wanted) => {
          begun += 1;
          return asking.get(...wanted);
        },
      };
      await using upstream = await serve([], [], [counted]);
      const transport = { kind: "custom", connect: upstream.connect } as const;
      const clientInfo = { name: "test", version: "1" };
      await using aggregator = await openAggregator({
        clientInfo,
        upstreams: [{ name: "far", transport, era: far }],
      });
      await using served = await serve([], [], [aggregator.upstreams[0]!.prompts]);
      await using client = await openUpstreamClient({
        name: "gateway",
        transport: served.connect,
        clientInfo,
        capabilities: { elicitation: {} },
        era: near,
      });
      const input: InputAnswerer = {
        session: "test",
        answer: (requests) => {
          const given = { action: "accept", content: { name: "Ada" } };
          return Promise.resolve(
            Object.fromEntries(Object.keys(requests).map((key) => [key, given])),
          );
        },
      };
      const { messages } = await client.request("prompts/get", { name: "greet" }, { input });
      const text = '{"action":"accept","content":{"name":"Ada"}}';
      expect(messages).toEqual([{ role: "user", content: { type: "text", text } }]);
      expect(begun).toBe(far === "legacy" ? 1 : 2);
    });
  },
);
