import { createRecordingTracer } from "op-core/testing";
import type { JsonObject, LogFields, Logger } from "op-core";
import { silentLogger } from "op-core";
import { describe, expect, it } from "vitest";
import { openEndpoint } from "../fixtures/http-endpoint.ts";
import { LegacyClient } from "../fixtures/legacy-client.ts";
import { sampleTool } from "../fixtures/sample-host.ts";

const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

async function openTraced(logger: Logger = silentLogger) {
  const tracer = createRecordingTracer();
  const endpoint = await openEndpoint({ tracer, logger });
  return { tracer, endpoint, [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose]() };
}

describe("the span of a request", () => {
  it("comes under the trace of the HTTP request, in both eras", async () => {
    await using traced = await openTraced();
    const { endpoint, tracer } = traced;
    const headers = { traceparent: trace };
    await endpoint.postModern("tools/call", { name: "echo" }, { headers });
    const client = await LegacyClient.open(endpoint);
    const params = { name: "echo", arguments: {} };
    await client.post({ jsonrpc: "2.0", id: 7, method: "tools/call", params }, headers);
    const calls = tracer.spans.filter(({ name }) => name === "tools/call echo");
    expect(calls).toMatchObject(
      ["2026-07-28", "2025-11-25"].map((revision) => ({
        kind: "server",
        parent: trace,
        isEnded: true,
        failure: undefined,
        attributes: {
          "mcp.method.name": "tools/call",
          "mcp.protocol.version": revision,
          "gen_ai.tool.name": "echo",
          "op_mcp.transport": "http",
        },
      })),
    );
  });

  it("comes under the trace of `_meta` before that of the HTTP request", async () => {
    await using traced = await openTraced();
    const { endpoint, tracer } = traced;
    const params = { name: "echo", _meta: { traceparent: other } };
    await endpoint.postModern("tools/call", params, { headers: { traceparent: trace } });
    expect(tracer.spans).toMatchObject([{ parent: other }]);
  });

  it("knows how a call failed, and nothing of what was said", async () => {
    await using traced = await openTraced();
    const { endpoint, tracer } = traced;
    endpoint.host.tools.add(sampleTool("breaks"), () => Promise.reject(new TypeError("hush")));
    const params = { name: "breaks", arguments: { password: "hush" } };
    await endpoint.postModern("tools/call", params);
    await endpoint.postModern("tools/call", { name: "hush hush" });
    expect(tracer.spans).toMatchObject([{ failure: "TypeError" }, { name: "tools/call" }]);
    expect(JSON.stringify(tracer.spans)).not.toContain("hush");
  });

  it("is in every line the call logs", async () => {
    const lines: LogFields[] = [];
    const logger = {
      ...silentLogger,
      child: (fields: LogFields): Logger => ({
        ...silentLogger,
        error: (_message, more = {}) => lines.push({ ...fields, ...more }),
      }),
    };
    await using traced = await openTraced(logger);
    const { endpoint, tracer } = traced;
    endpoint.host.tools.add(sampleTool("breaks"), () => Promise.reject(new TypeError("hush")));
    await endpoint.postModern("tools/call", { name: "breaks" });
    expect(tracer.spans).toHaveLength(1);
    expect(lines).toMatchObject([
      { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "0000000000000001" },
    ]);
  });
});

describe("a call that the web server answers by HTTP's own means", () => {
  const refusal = {
    status: 403,
    code: -32_000,
    message: "more is needed",
    headers: { "www-authenticate": 'Bearer error="insufficient_scope"' },
  };
  const refusalFor = (error: unknown) => (error instanceof RangeError ? refusal : undefined);

  async function openRefusing() {
    const endpoint = await openEndpoint({ refusalFor });
    endpoint.host.tools
      .add(sampleTool("needs-more"), () => Promise.reject(new RangeError("more")))
      .add(sampleTool("tells"), (_args, { reportProgress }) => {
        reportProgress({ progress: 1 });
        throw new RangeError("more");
      });
    return endpoint;
  }

  it("has that status and those headers, in both eras", async () => {
    await using endpoint = await openRefusing();
    const client = await LegacyClient.open(endpoint);
    const answers = [
      await endpoint.postModern("tools/call", { name: "needs-more" }, { id: 5 }),
      await client.ask("tools/call", { name: "needs-more" }, 5),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get("www-authenticate")).toContain("insufficient_scope");
      expect(await answer.json()).toMatchObject({ id: 5, error: { message: "more is needed" } });
    }
  });

  it("is an answer of MCP where something was told already, or came with others", async () => {
    await using endpoint = await openRefusing();
    const params = { name: "tells", _meta: { progressToken: "t" } };
    const told = await endpoint.postModern("tools/call", params);
    expect([told.status, (await told.text()).includes("ERR_INTERNAL")]).toEqual([200, true]);
    const client = await LegacyClient.open(endpoint, { revision: "2025-03-26" });
    const call = (id: number, name: string): JsonObject => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name },
    });
    const batch = await client.post([call(1, "needs-more"), call(2, "echo")]);
    expect([batch.status, (await batch.text()).includes("ERR_INTERNAL")]).toEqual([200, true]);
  });
});
