import { describe, expect, it, vi } from "vitest";
import type { ResourceSourceChange } from "op-tools";
import { openRig, scriptServer } from "../fixtures/real-upstreams.ts";

const principal = { id: "alice", scopes: [] };

/** A server with one resource, which says that it changed when it is subscribed to, and dies when it is read. */
const script = `
const say = (value) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...value }) + "\\n");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === "initialize")
    return say({ id, result: { protocolVersion: "2025-11-25", capabilities: { resources: { subscribe: true } }, serverInfo: { name: "followed", version: "1" } } });
  if (method === "resources/read") return process.exit(1);
  if (method === "resources/subscribe") {
    if (params.uri === "test://refused") return say({ id, error: { code: -32602, message: "No such resource" } });
    say({ id, result: {} });
    return say({ method: "notifications/resources/updated", params: { uri: params.uri } });
  }
  say({ id, error: { code: -32601, message: "Method not found" } });
});
`;

describe("a resource that is followed", () => {
  it("is subscribed to again after its server was lost, which counts as a change", async () => {
    await using rig = await openRig([{ name: "up", transport: scriptServer(script) }]);
    const [up] = rig.aggregator.upstreams;
    const over = new AbortController();
    const changes: ResourceSourceChange[] = [];
    const reading = (async () => {
      for await (const change of up!.resources.changes!({ signal: over.signal }))
        changes.push(change);
    })();
    await up!.resources.follow!("up+test://a", { signal: over.signal, principal });
    await vi.waitFor(() => expect(changes).toHaveLength(1), 10_000);
    await expect(
      up!.resources.read("up+test://a", { signal: over.signal, principal }),
    ).rejects.toMatchObject({ code: "ERR_UPSTREAM_CLOSED" });
    // One for what may have been missed, one of the server that was started again.
    await vi.waitFor(() => expect(changes.length).toBeGreaterThanOrEqual(3), 10_000);
    expect(changes.at(-1)).toEqual({ kind: "resource-updated", uri: "up+test://a" });
    over.abort();
    await reading;
  });

  it("is not followed where its server refuses, and says why", async () => {
    await using rig = await openRig([{ name: "up", transport: scriptServer(script) }]);
    const [up] = rig.aggregator.upstreams;
    const { signal } = new AbortController();
    await expect(
      up!.resources.follow!("up+test://refused", { signal, principal }),
    ).rejects.toMatchObject({ rpcCode: -32_602 });
  });
});
