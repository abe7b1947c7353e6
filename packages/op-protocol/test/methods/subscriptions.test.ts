import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createMcpServer } from "../../src/index.ts";
import { modernMeta, RawClient } from "../fixtures/raw-client.ts";
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
