import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import { openBehind, type Listener } from "../fixtures/behind.ts";
import { talkingServer } from "../fixtures/talking-server.ts";

const requests: readonly (readonly [string, JsonObject])[] = [
  ["tools/call", { name: "talk", arguments: {} }],
  ["resources/read", { uri: "up+talk:one" }],
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
    await using talk = await openBehind(talkingServer, { connections });
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
    await using talk = await openBehind(talkingServer);
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
    await using talk = await openBehind(talkingServer, { connections: "per-session" });
    const [one, other] = [talk.join(), talk.join()];
    await other.client.request("tools/call", { name: "talk" });
    await one.client.request("tools/call", { name: "talk" });
    expect(noticesOf(one)).toHaveLength(1);
    expect(noticesOf(other)).toHaveLength(1);
  });

  it("reaches a client without a session while it waits for an answer", async () => {
    await using talk = await openBehind(talkingServer);
    const one = talk.join("modern");
    await one.client.request("tools/call", { name: "talk" });
    expect(noticesOf(one)).toEqual([said("tools/call")]);
  });

  it("is bounded where it is a flood", async () => {
    await using talk = await openBehind(talkingServer, { logMessagesPerSecond: 20 });
    const one = talk.join();
    await one.client.request("tools/call", { name: "chatter" });
    // A hundred at once, and more only after a second each.
    expect(noticesOf(one).length).toBeGreaterThanOrEqual(100);
    expect(noticesOf(one).length).toBeLessThan(5000);
  });
});
