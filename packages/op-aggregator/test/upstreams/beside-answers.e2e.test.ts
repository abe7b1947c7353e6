import type { JsonObject } from "op-core";
import type { RpcNotification } from "op-protocol";
import { createUpstreamClient, type EraChoice, type UpstreamClient } from "op-protocol/client";
import { describe, expect, it } from "vitest";
import type { UpstreamConfig } from "../../src/index.ts";
import { serve } from "../fixtures/chain.ts";
import { openRig, scriptServer } from "../fixtures/real-upstreams.ts";
import { talkingServer } from "../fixtures/talking-server.ts";

interface Listener {
  readonly client: UpstreamClient;
  /** What it was told, in its order. */
  readonly heard: RpcNotification[];
}

/** The server behind an aggregator, and clients of that. */
async function openTalk(more: Partial<UpstreamConfig> = {}) {
  await using opened = new AsyncDisposableStack();
  const transport = scriptServer(talkingServer);
  const rig = opened.use(await openRig([{ name: "talk", transport, ...more }]));
  const [sources] = rig.aggregator.upstreams;
  if (sources === undefined) throw new Error("there is one upstream");
  const served = opened.use(await serve([sources.tools], [sources.resources], [sources.prompts]));
  const owned = opened.move();
  const join = (era: EraChoice = "legacy"): Listener => {
    const heard: RpcNotification[] = [];
    const client = owned.use(
      createUpstreamClient({
        name: "aggregator",
        transport: served.connect,
        clientInfo: { name: "test", version: "1" },
        capabilities: {},
        era,
        onNotification: (notification) => heard.push(notification),
      }),
    );
    return { client, heard };
  };
  return { join, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const requests: readonly (readonly [string, JsonObject])[] = [
  ["tools/call", { name: "talk", arguments: {} }],
  ["resources/read", { uri: "talk+talk:one" }],
  ["prompts/get", { name: "greet" }],
  [
    "completion/complete",
    { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "a", value: "s" } },
  ],
];

function logsOf({ heard }: Listener): readonly unknown[] {
  return heard
    .filter(({ method }) => method === "notifications/message")
    .map(({ params }) => params);
}

describe.each(["shared", "per-session"] as const)("over %s connections", (connections) => {
  it.each(requests)("log messages of %s reach who asked", async (method, params) => {
    await using talk = await openTalk({ connections });
    const [one, other] = [talk.join(), talk.join()];
    await other.client.request("tools/call", { name: "talk", arguments: {} });
    other.heard.length = 0;
    const result = await one.client.request(method, params);
    expect(JSON.stringify(result)).toContain("said");
    expect(logsOf(one)).toEqual([{ level: "info", data: method }]);
    expect(logsOf(other)).toEqual([]);
  });
});

function noticesOf({ heard }: Listener): readonly unknown[] {
  return heard
    .filter(({ method }) => method === "notifications/talk/told")
    .map(({ params }) => params);
}

const said = (about: string) => ({ about, n: 0, _meta: { "x/kept": [1] } });

describe("what nobody here knows", () => {
  it("goes as it came to every session that uses a shared connection, until it ends", async () => {
    await using talk = await openTalk();
    const [one, other, third] = [talk.join(), talk.join(), talk.join()];
    await third.client.connect();
    await other.client.request("tools/call", { name: "talk" });
    for (const [method, params] of requests) await one.client.request(method, params);
    const methods = requests.map(([method]) => method);
    expect(noticesOf(one)).toEqual(methods.map(said));
    expect(noticesOf(other)).toEqual(["tools/call", ...methods].map(said));
    expect(noticesOf(third)).toEqual([]);
    await other.client[Symbol.asyncDispose]();
    other.heard.length = 0;
    await one.client.request("tools/call", { name: "talk" });
    expect(noticesOf(other)).toEqual([]);
  });

  it("goes to the one whose connection it is", async () => {
    await using talk = await openTalk({ connections: "per-session" });
    const [one, other] = [talk.join(), talk.join()];
    await other.client.request("tools/call", { name: "talk" });
    await one.client.request("tools/call", { name: "talk" });
    expect(noticesOf(one)).toHaveLength(1);
    expect(noticesOf(other)).toHaveLength(1);
  });

  it("reaches a client without a session while it waits for an answer", async () => {
    await using talk = await openTalk();
    const one = talk.join("modern");
    await one.client.request("tools/call", { name: "talk" });
    expect(noticesOf(one)).toEqual([said("tools/call")]);
  });

  it("is bounded where it is a flood", async () => {
    await using talk = await openTalk({ logMessagesPerSecond: 20 });
    const one = talk.join();
    await one.client.request("tools/call", { name: "chatter" });
    // A hundred at once, and more only after a second each.
    expect(noticesOf(one).length).toBeGreaterThanOrEqual(100);
    expect(noticesOf(one).length).toBeLessThan(5000);
  });
});
