import { createManualClock } from "op-core/testing";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/http/index.ts";
import { EventReader } from "../fixtures/event-reader.ts";
import { openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { LegacyClient } from "../fixtures/legacy-client.ts";
import { createSampleHost, sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const forms = { elicitation: { form: {} } };
const schema = { type: "object", properties: { name: { type: "string" } } } as const;

/** A tool that tells `steps` times, each when it is let go on. */
function addStepper(endpoint: Pick<Endpoint, "host">): {
  readonly step: () => void;
  readonly ended: Promise<unknown>;
} {
  let waiting = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<unknown>();
  endpoint.host.tools.add(sampleTool("stepper"), async (args, { reportProgress, signal }) => {
    for (let progress = 1; progress <= Number(args["steps"]); progress += 1) {
      await waiting.promise;
      waiting = Promise.withResolvers();
      reportProgress({ progress });
    }
    ended.resolve(signal.aborted);
    return textResult("all steps");
  });
  return { step: () => waiting.resolve(), ended: ended.promise };
}

const steps = (count: number) => ({
  name: "stepper",
  arguments: { steps: count },
  _meta: { progressToken: "t" },
});

describe("a call in a session", () => {
  it("is answered as JSON when nothing is told before, and as events when something is", async () => {
    await using endpoint = await openEndpoint();
    const { step } = addStepper(endpoint);
    const client = await LegacyClient.open(endpoint);
    const plain = await client.ask("tools/call", { name: "echo" });
    expect(plain.headers.get("content-type")).toBe("application/json");
    const streamed = client.ask("tools/call", steps(1), "s");
    step();
    const response = await streamed;
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    const events = await new EventReader(response).rest();
    expect(
      events.map(({ data = "" }) => (data === "" ? "" : Object.keys(JSON.parse(data))[1])),
    ).toEqual(["", "method", "id"]);
    expect(events[0]).toMatchObject({ data: "", retry: "1000" });
  });

  it("is answered in the one form the client reads", async () => {
    await using endpoint = await openEndpoint();
    const { step } = addStepper(endpoint);
    const client = await LegacyClient.open(endpoint);
    const events = await client.post(ping, { accept: "text/event-stream" });
    expect(await new EventReader(events).message()).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    step();
    const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: steps(1) };
    const json = await client.post(call, { accept: "application/json" });
    expect(await json.json()).toMatchObject({
      id: 2,
      result: { content: [{ text: "all steps" }] },
    });
  });

  it("primes no client that cannot take an event without data", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint, { revision: "2025-06-18" });
    const response = await client.post(ping, { accept: "text/event-stream" });
    const events = await new EventReader(response).rest();
    expect(events).toHaveLength(1);
    expect(events[0]?.id).toMatch(/\.1$/u);
  });

  it("becomes a stream that is kept alive when it takes long", async () => {
    const clock = createManualClock();
    await using endpoint = await openEndpoint({ clock, streamAfterMs: 500, keepAliveMs: 1000 });
    const release = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("long"), async () => {
      started.resolve();
      await release.promise;
      return textResult("at last");
    });
    const client = await LegacyClient.open(endpoint);
    const answer = client.ask("tools/call", { name: "long" });
    await started.promise;
    await clock.advance(501);
    const reader = new EventReader(await answer);
    expect(await reader.next()).toMatchObject({ data: "" });
    await clock.advance(2500);
    release.resolve();
    expect(await reader.message()).toMatchObject({ id: 1 });
    expect(reader.comments).toBe(2);
  });

  it("goes on when the client leaves, and can be resumed where it was", async () => {
    await using endpoint = await openEndpoint();
    const { step, ended } = addStepper(endpoint);
    const client = await LegacyClient.open(endpoint);
    const call = client.ask("tools/call", steps(3));
    step();
    const first = new EventReader(await call);
    await first.next();
    const seen = await first.next();
    expect(JSON.parse(seen?.data ?? "")).toMatchObject({ params: { progress: 1 } });
    await first.cut();
    step();
    const resumed = new EventReader(await client.get({ "last-event-id": seen?.id ?? "" }));
    expect(await resumed.message()).toMatchObject({ params: { progress: 2 } });
    step();
    expect(await resumed.message()).toMatchObject({ params: { progress: 3 } });
    expect(await resumed.message()).toMatchObject({
      id: 1,
      result: { content: [{ text: "all steps" }] },
    });
    expect(await resumed.next()).toBeUndefined();
    expect(await ended).toBe(false);
    const again = new EventReader(await client.get({ "last-event-id": seen?.id ?? "" }));
    expect(await again.rest()).toHaveLength(3);
  });

  it("ends its connection before proxies do, and goes on when the client is back", async () => {
    const clock = createManualClock();
    await using endpoint = await openEndpoint({ clock, maxConnectionMs: 5000 });
    const { step } = addStepper(endpoint);
    const client = await LegacyClient.open(endpoint);
    const call = client.ask("tools/call", steps(2));
    step();
    const reader = new EventReader(await call);
    await reader.next();
    const seen = await reader.next();
    await clock.advance(5001);
    expect(await reader.rest()).toEqual([{ retry: "1000" }]);
    step();
    const back = new EventReader(await client.get({ "last-event-id": seen?.id ?? "" }));
    expect(await back.message()).toMatchObject({ params: { progress: 2 } });
    expect(await back.message()).toMatchObject({ id: 1 });
  });

  it("that answers what JSON cannot carry is an error, not a silence", async () => {
    await using endpoint = await openEndpoint();
    endpoint.host.tools.add(sampleTool("big"), () => ({
      content: [],
      structuredContent: { n: 1n } as never,
    }));
    const client = await LegacyClient.open(endpoint);
    const response = await client.ask("tools/call", { name: "big" });
    expect(await response.json()).toMatchObject({ id: 1, error: { code: -32_603 } });
    const again = await client.ask("tools/call", { name: "echo" });
    expect(again.status).toBe(200);
  });

  it("is over when the client cancels it", async () => {
    await using endpoint = await openEndpoint();
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("hang"), async (_args, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve());
      started.resolve();
      return await new Promise(() => undefined);
    });
    const client = await LegacyClient.open(endpoint);
    const call = client.ask("tools/call", { name: "hang" }, "h");
    await started.promise;
    const params = { requestId: "h" };
    await client.post({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    await aborted.promise;
    const events = await new EventReader(await call).rest();
    expect(events.every(({ data }) => data === "")).toBe(true);
    expect(endpoint.handler.inFlight).toBe(0);
  });

  it("runs on behalf of whoever sent it, with the rights of that moment", async () => {
    await using endpoint = await openEndpoint();
    const seen: string[] = [];
    endpoint.host.tools.add(sampleTool("who"), (_args, { principal }) => {
      seen.push(principal.id);
      return textResult("ok");
    });
    const client = await LegacyClient.open(endpoint, { user: "carol" });
    await client.ask("tools/call", { name: "who" });
    expect(seen).toEqual(["carol"]);
  });
});

describe("a question to the person", () => {
  it("comes on the answer to the call it is asked for", async () => {
    await using endpoint = await openEndpoint();
    endpoint.host.tools.add(sampleTool("greet"), async (_args, { ask }) =>
      textResult(JSON.stringify(await ask({ key: "n", message: "Name?", schema }))),
    );
    const client = await LegacyClient.open(endpoint, { capabilities: forms });
    const reader = new EventReader(await client.ask("tools/call", { name: "greet" }));
    const question = await reader.message();
    expect(question).toMatchObject({ method: "elicitation/create", params: { message: "Name?" } });
    const result = { action: "accept", content: { name: "Zed" } };
    await client.post({ jsonrpc: "2.0", id: question?.["id"], result });
    expect(JSON.stringify(await reader.message())).toContain("Zed");
  });

  it("comes on the stream the client listens on when the call's answer cannot carry it", async () => {
    await using endpoint = await openEndpoint();
    endpoint.host.tools.add(sampleTool("greet"), async (_args, { ask }) =>
      textResult(JSON.stringify(await ask({ key: "n", message: "Name?", schema }))),
    );
    const client = await LegacyClient.open(endpoint, { capabilities: forms });
    const listening = new EventReader(await client.get());
    const call = { jsonrpc: "2.0", id: 5, method: "tools/call", params: { name: "greet" } };
    const answer = client.post(call, { accept: "application/json" });
    const question = await listening.message();
    await client.post({ jsonrpc: "2.0", id: question?.["id"], result: { action: "decline" } });
    expect(await (await answer).text()).toContain("decline");
  });
});

describe("the stream a client listens on", () => {
  it("tells what changed, and what it missed when it comes back", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint);
    await client.ask("resources/subscribe", { uri: "note://a" });
    const reader = new EventReader(await client.get());
    const primed = await reader.next();
    endpoint.host.notes.tell({ kind: "resource-updated", uri: "note://a" });
    expect(await reader.message()).toMatchObject({ method: "notifications/resources/updated" });
    await reader.cut();
    endpoint.host.notes.tell({ kind: "resource-updated", uri: "note://a" });
    const back = new EventReader(await client.get({ "last-event-id": primed?.id ?? "" }));
    for (const _ of [1, 2])
      expect(await back.message()).toMatchObject({ params: { uri: "note://a" } });
    endpoint.host.tools.add(sampleTool("new"));
    expect(await back.message()).toMatchObject({ method: "notifications/tools/list_changed" });
  });

  it("is one: a second one ends the first, and nothing is told twice", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint);
    const first = new EventReader(await client.get());
    await first.next();
    const second = new EventReader(await client.get());
    expect(await first.next()).toBeUndefined();
    endpoint.host.tools.add(sampleTool("new"));
    expect(await second.message()).toMatchObject({ method: "notifications/tools/list_changed" });
  });

  it("ends with the session", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint);
    const reader = new EventReader(await client.get());
    await client.delete();
    expect((await reader.rest()).length).toBeLessThanOrEqual(1);
    expect(endpoint.handler.sessionCount).toBe(0);
  });
});

describe("batches of the revision that has them", () => {
  it("are answered together", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint, { revision: "2025-03-26" });
    const list = { jsonrpc: "2.0", id: "l", method: "tools/list" };
    const response = await client.post([ping, list, { jsonrpc: "2.0", method: "notifications/x" }]);
    const answers = (await response.json()) as { id: unknown }[];
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, "l"]));
    expect((await client.post([{ jsonrpc: "2.0", method: "notifications/x" }])).status).toBe(202);
  });

  it("become one stream when something is told", async () => {
    await using endpoint = await openEndpoint();
    const { step } = addStepper(endpoint);
    const client = await LegacyClient.open(endpoint, { revision: "2025-03-26" });
    step();
    const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: steps(1) };
    const messages = await new EventReader(await client.post([ping, call])).rest();
    expect(messages.map(({ data = "" }) => (JSON.parse(data) as { id?: number }).id)).toEqual([
      1,
      undefined,
      2,
    ]);
  });
});

describe("sessions that nobody uses", () => {
  it("end after their time, and not while somebody listens", async () => {
    const clock = createManualClock();
    await using endpoint = await openEndpoint({ clock, idleTtlMs: 60_000, keepAliveMs: 1e9 });
    const idle = await LegacyClient.open(endpoint);
    const listening = await LegacyClient.open(endpoint);
    const reader = new EventReader(await listening.get());
    await clock.advance(100_000);
    await until(() => endpoint.handler.sessionCount === 1);
    expect((await idle.post(ping)).status).toBe(404);
    expect((await listening.post(ping)).status).toBe(200);
    await reader.cut();
  });

  it("make room for others when there are too many, the oldest first", async () => {
    await using endpoint = await openEndpoint({ maxSessions: 2 });
    const first = await LegacyClient.open(endpoint);
    const second = await LegacyClient.open(endpoint);
    await first.post(ping);
    const third = await LegacyClient.open(endpoint);
    expect(endpoint.handler.sessionCount).toBe(2);
    expect((await second.post(ping)).status).toBe(404);
    expect((await first.post(ping)).status).toBe(200);
    expect((await third.post(ping)).status).toBe(200);
  });

  it("do not make room while they are used: the newcomer is told to try again", async () => {
    await using endpoint = await openEndpoint({ maxSessions: 1 });
    const first = await LegacyClient.open(endpoint);
    const reader = new EventReader(await first.get());
    const params = { protocolVersion: "2025-11-25", capabilities: {} };
    const hello = await endpoint.post({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    expect([hello.status, hello.headers.get("retry-after")]).toEqual([503, "5"]);
    await reader.cut();
  });
});

describe("two processes with one store", () => {
  const openTwo = async () => {
    const store = createMemorySessionStore();
    const left = await openEndpoint({ store });
    const host = createSampleHost();
    const right = await openEndpoint({ store, host });
    return {
      left,
      right,
      [Symbol.asyncDispose]: async () => {
        await left[Symbol.asyncDispose]();
        await right[Symbol.asyncDispose]();
        await store[Symbol.asyncDispose]();
      },
    };
  };
  const at = (client: LegacyClient, { url }: Endpoint, body: unknown) =>
    fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...client.headers,
      },
      body: JSON.stringify(body),
    });

  it("serve each other's sessions as the client left them", async () => {
    await using two = await openTwo();
    const client = await LegacyClient.open(two.left, { capabilities: forms });
    expect((await at(client, two.right, ping)).status).toBe(200);
    const level = { jsonrpc: "2.0", id: 2, method: "logging/setLevel", params: { level: "error" } };
    await at(client, two.right, level);
    two.left.host.tools.add(sampleTool("chatty"), (_args, { logToClient }) => {
      logToClient("info", "not wanted");
      logToClient("error", "wanted");
      return textResult("ok");
    });
    const params = { name: "chatty" };
    const reader = new EventReader(await client.ask("tools/call", params));
    const told = await reader.message();
    expect(told).toMatchObject({ params: { data: "wanted" } });
    await client.delete();
    expect((await at(client, two.right, ping)).status).toBe(404);
  });

  it("replay each other's streams, as far as they have come", async () => {
    await using two = await openTwo();
    const { step } = addStepper(two.left);
    const client = await LegacyClient.open(two.left);
    const call = client.ask("tools/call", steps(2));
    step();
    const reader = new EventReader(await call);
    const primed = await reader.next();
    await reader.next();
    await reader.cut();
    const elsewhere = new LegacyClientAt(client, two.right);
    const part = await elsewhere.resume(primed?.id ?? "");
    expect(part.map(({ data }) => data === undefined)).toEqual([false, true]);
    expect(part.at(-1)?.retry).toBe("1000");
    step();
    await until(() => two.left.handler.inFlight === 0);
    const rest = await elsewhere.resume(primed?.id ?? "");
    expect(rest.at(-1)?.data).toContain("all steps");
  });

  it("let go of sessions without ending them", async () => {
    const store = createMemorySessionStore();
    await using endpoint = await openEndpoint({ store, maxSessions: 1 });
    const first = await LegacyClient.open(endpoint);
    const second = await LegacyClient.open(endpoint);
    for (const client of [first, second, first]) {
      expect((await client.post(ping)).status).toBe(200);
      expect(endpoint.handler.sessionCount).toBe(1);
    }
    await store[Symbol.asyncDispose]();
  });

  it("say honestly that a question was asked elsewhere", async () => {
    await using two = await openTwo();
    const client = await LegacyClient.open(two.left, { capabilities: forms });
    const answer = { jsonrpc: "2.0", id: 1, result: { action: "decline" } };
    expect((await at(client, two.right, answer)).status).toBe(409);
  });

  class LegacyClientAt {
    readonly #client: LegacyClient;
    readonly #endpoint: Endpoint;

    constructor(client: LegacyClient, endpoint: Endpoint) {
      this.#client = client;
      this.#endpoint = endpoint;
    }

    async resume(id: string) {
      const headers = { accept: "text/event-stream", ...this.#client.headers, "last-event-id": id };
      return await new EventReader(await fetch(this.#endpoint.url, { headers })).rest();
    }
  }
});
