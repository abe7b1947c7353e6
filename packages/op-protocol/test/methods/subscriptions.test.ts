import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createMcpServer } from "../../src/index.ts";
import { modernMeta, RawClient } from "../fixtures/raw-client.ts";
import { until } from "../fixtures/until.ts";
import { createSampleHost, sampleTool } from "../fixtures/sample-host.ts";

function open() {
  const host = createSampleHost();
  const clock = createManualClock();
  const server = createMcpServer({ host, clock });
  return {
    host,
    clock,
    server,
    client: new RawClient(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const subscriptionId = "io.modelcontextprotocol/subscriptionId";

const listen = (client: RawClient, id: string, notifications: unknown): void =>
  client.say({
    jsonrpc: "2.0",
    id,
    method: "subscriptions/listen",
    params: { notifications, _meta: modernMeta() },
  });

describe("what changes without being asked", () => {
  it("reaches a listener of the stateless era, acknowledged first and marked with its subscription", async () => {
    await using opened = open();
    listen(opened.client, "s1", {
      toolsListChanged: true,
      resourceSubscriptions: ["note://a"],
      nonsense: true,
    });
    const acknowledged = await opened.client.next(
      ({ method }) => method === "notifications/subscriptions/acknowledged",
    );
    expect(acknowledged["params"]).toEqual({
      _meta: { [subscriptionId]: "s1" },
      notifications: { toolsListChanged: true, resourceSubscriptions: ["note://a"] },
    });
    opened.host.tools.add(sampleTool("new"));
    opened.host.notes.tell({ kind: "resource-updated", uri: "note://b" });
    await opened.clock.advance(50);
    opened.host.notes.tell({ kind: "resource-updated", uri: "note://a" });
    const updated = await opened.client.next(
      ({ method }) => method === "notifications/resources/updated",
    );
    expect(updated["params"]).toEqual({ uri: "note://a", _meta: { [subscriptionId]: "s1" } });
    expect(opened.client.received.map(({ method }) => method)).toEqual([
      "notifications/subscriptions/acknowledged",
      "notifications/tools/list_changed",
      "notifications/resources/updated",
    ]);
  });

  it("ends with an answer when the server leaves, and without one when the client cancels", async () => {
    await using opened = open();
    listen(opened.client, "cancelled", { toolsListChanged: true });
    listen(opened.client, "kept", { promptsListChanged: true });
    opened.client.say({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: "cancelled" },
    });
    await opened.client.askModern("tools/list");
    await opened.server[Symbol.asyncDispose]();
    const answer = await opened.client.next(({ id }) => id === "kept");
    expect(answer).toMatchObject({
      result: { resultType: "complete", _meta: { [subscriptionId]: "kept" } },
    });
    expect(opened.client.received.some(({ id }) => id === "cancelled")).toBe(false);
  });

  it("keeps nobody from leaving: a connection with nothing but subscriptions is idle", async () => {
    await using opened = open();
    listen(opened.client, "s", { toolsListChanged: true });
    await opened.client.next(({ method }) => method === "notifications/subscriptions/acknowledged");
    await expect(opened.client.connection.whenIdle()).resolves.toBeUndefined();
  });

  it("refuses a filter that is none", async () => {
    await using opened = open();
    listen(opened.client, "x", undefined);
    expect(await opened.client.next(({ id }) => id === "x")).toHaveProperty("error.code", -32_602);
    listen(opened.client, "y", { resourceSubscriptions: [5] });
    expect(await opened.client.next(({ id }) => id === "y")).toHaveProperty("error.code", -32_602);
  });

  it("is one notification for a burst, to every initialised session of the handshake era", async () => {
    await using opened = open();
    const silent = new RawClient(opened.server);
    await opened.client.initialize();
    for (let index = 0; index < 100; index += 1) opened.host.tools.add(sampleTool(`t${index}`));
    opened.host.notes.tell({ kind: "resource-list-changed" });
    await opened.client.ask("ping");
    await opened.clock.advance(50);
    await opened.client.next(({ method }) => method === "notifications/resources/list_changed");
    expect(
      opened.client.received.filter(({ method }) => method === "notifications/tools/list_changed"),
    ).toHaveLength(1);
    expect(silent.received).toEqual([]);
  });

  it("follows the resources a session subscribed to, until it no longer does", async () => {
    await using opened = open();
    await opened.client.initialize();
    expect(await opened.client.ask("resources/subscribe", { uri: "elsewhere://x" })).toHaveProperty(
      "error.code",
      -32_002,
    );
    await opened.client.ask("resources/subscribe", { uri: "note://a" });
    opened.host.notes.tell({ kind: "resource-updated", uri: "note://a" });
    await opened.client.next(({ method }) => method === "notifications/resources/updated");
    await opened.client.ask("resources/unsubscribe", { uri: "note://a" });
    opened.host.notes.tell({ kind: "resource-updated", uri: "note://a" });
    await opened.client.ask("ping");
    expect(
      opened.client.received.filter(({ method }) => method === "notifications/resources/updated"),
    ).toHaveLength(1);
  });
});

const listener = "unix:uid=0";

describe("a source that tells changes of what is subscribed to", () => {
  it("is asked for it until the session unsubscribes, or its client leaves", async () => {
    await using opened = open();
    const { client, host } = opened;
    await client.initialize();
    for (const uri of ["note://a", "note://b", "note://a"])
      expect(await client.ask("resources/subscribe", { uri })).toHaveProperty("result");
    expect([...host.notes.followed]).toEqual([`${listener} note://a`, `${listener} note://b`]);
    await client.ask("resources/unsubscribe", { uri: "note://a" });
    expect([...host.notes.followed]).toEqual([`${listener} note://b`]);
    await client.leave();
    await until(() => host.notes.followed.size === 0);
  });

  it("is asked for it until a stream of the stateless era ends", async () => {
    await using opened = open();
    const { client, host } = opened;
    listen(client, "s", { resourceSubscriptions: ["note://a", "elsewhere://x"] });
    await client.next(({ method }) => method === "notifications/subscriptions/acknowledged");
    expect([...host.notes.followed]).toEqual([`${listener} note://a`]);
    client.say({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "s" } });
    await until(() => host.notes.followed.size === 0);
  });

  it("refuses in its own words, and then nothing is followed", async () => {
    await using opened = open();
    const { client, host } = opened;
    listen(client, "s", { resourceSubscriptions: ["note://a", "note://secret"] });
    const refusal = { code: -32_603, data: { code: "ERR_SECRET_NOTE" } };
    expect(await client.next(({ id }) => id === "s")).toMatchObject({ error: refusal });
    await client.initialize();
    expect(await client.ask("resources/subscribe", { uri: "note://secret" })).toMatchObject({
      error: refusal,
    });
    expect(host.notes.followed.size).toBe(0);
    expect(client.connection.session?.subscriptions).toEqual([]);
  });

  it("may take its time: whoever does not want to wait is not held up", async () => {
    await using opened = open();
    const { client } = opened;
    await client.initialize();
    const subscribed = client.ask("resources/subscribe", { uri: "note://slow" });
    await client.ask("resources/unsubscribe", { uri: "note://slow" });
    expect(await subscribed).toHaveProperty("error.code", -32_600);
    listen(client, "s", { resourceSubscriptions: ["note://slow"] });
    await client.ask("ping");
    await opened.server[Symbol.asyncDispose]();
    expect(await client.next(({ id }) => id === "s")).toHaveProperty("result.resultType");
  });

  it("is asked by the process that goes on with a session", async () => {
    await using opened = open();
    const { client, host } = opened;
    await client.initialize();
    await client.ask("resources/subscribe", { uri: "note://a" });
    const state = client.connection.session!;
    await client.leave();
    await until(() => host.notes.followed.size === 0);
    const other = new RawClient(opened.server);
    other.connection.restore({ ...state, subscriptions: ["note://a", "note://secret"] });
    expect([...host.notes.followed]).toEqual([`${listener} note://a`]);
    other.connection.restore({ ...state, subscriptions: ["note://b"] });
    expect([...host.notes.followed]).toEqual([`${listener} note://b`]);
  });
});
