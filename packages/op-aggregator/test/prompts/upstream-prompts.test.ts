import { PromptNotFoundError, type PromptSource } from "op-tools";
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
