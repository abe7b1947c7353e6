import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { EventReader } from "../fixtures/event-reader.ts";
import { openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { LegacyClient } from "../fixtures/legacy-client.ts";
import { sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

const schema = { type: "object" } as const;

function addAsker({ host }: Endpoint): void {
  host.tools.add(sampleTool("asker"), async (_args, { ask }) =>
    textResult((await ask({ key: "q", message: "Sure?", schema })).action),
  );
}

describe("a server that drains", () => {
  it("refuses new work and says when to come again", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint);
    await endpoint.handler.drain();
    for (const response of [
      await endpoint.postModern("tools/list"),
      await client.ask("tools/list"),
      await client.get(),
    ]) {
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    }
    expect((await client.delete()).status).toBe(204);
  });

  it("finishes what it began, also what waits for a person", async () => {
    await using endpoint = await openEndpoint();
    addAsker(endpoint);
    const client = await LegacyClient.open(endpoint, { capabilities: { elicitation: {} } });
    const reader = new EventReader(await client.ask("tools/call", { name: "asker" }));
    const question = await reader.message();
    const drained = endpoint.handler.drain();
    expect(endpoint.handler.inFlight).toBe(1);
    await client.post({ jsonrpc: "2.0", id: question?.["id"], result: { action: "decline" } });
    expect(JSON.stringify(await reader.message())).toContain("decline");
    await drained;
    expect(endpoint.handler.inFlight).toBe(0);
  });

  it("ends the streams that are only listened to", async () => {
    await using endpoint = await openEndpoint();
    const client = await LegacyClient.open(endpoint);
    const reader = new EventReader(await client.get());
    await endpoint.handler.drain();
    expect((await reader.rest()).length).toBeLessThanOrEqual(1);
  });

  it("stops waiting when it is told to, and disposing aborts the rest", async () => {
    const endpoint = await openEndpoint();
    const aborted = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("hang"), async (_args, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve());
      return await new Promise(() => undefined);
    });
    const client = await LegacyClient.open(endpoint);
    const call = client.ask("tools/call", { name: "hang" }).catch(() => undefined);
    await until(() => endpoint.handler.inFlight === 1);
    const patience = AbortSignal.abort(new Error("no more time"));
    await expect(endpoint.handler.drain({ signal: patience })).rejects.toThrow("no more time");
    await endpoint[Symbol.asyncDispose]();
    await aborted.promise;
    await call;
  });
});
