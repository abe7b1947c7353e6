import { textResult } from "op-tools";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRefusal } from "../fixtures/expect-refusal.ts";
import {
  modernHeaders,
  modernRevision,
  openEndpoint,
  type Endpoint,
} from "../fixtures/http-endpoint.ts";
import { modernMeta } from "../fixtures/raw-client.ts";
import { createSampleHost, sampleTool } from "../fixtures/sample-host.ts";

function createHost() {
  const host = createSampleHost();
  const properties = {
    region: { type: "string", "x-mcp-header": "Region" },
    level: { type: "integer", "x-mcp-header": "Level" },
    really: { type: "boolean", "x-mcp-header": "Really" },
    deep: { type: "object", properties: { city: { type: "string", "x-mcp-header": "City" } } },
    ratio: { type: "number", "x-mcp-header": "Ratio" },
  };
  const inputSchema = { type: "object", properties } as const;
  host.tools.add(sampleTool("mirrored", { inputSchema }), (args) =>
    textResult(JSON.stringify(args)),
  );
  return host;
}

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint({ host: createHost() });
});
afterAll(() => endpoint[Symbol.asyncDispose]());

describe("headers of the stateless era that do not match the body", () => {
  const call = { name: "mirrored", arguments: {} };
  const b64 = (text: string) => `=?base64?${Buffer.from(text).toString("base64")}?=`;

  it.each<[string, Record<string, string>]>([
    ["no version", { "mcp-protocol-version": "" }],
    ["another version", { "mcp-protocol-version": "2025-11-25" }],
    ["no method", { "mcp-method": "" }],
    ["another method", { "mcp-method": "tools/list" }],
    ["the method in capitals", { "mcp-method": "TOOLS/CALL" }],
    ["two methods", { "mcp-method": "tools/call, tools/call" }],
    ["no name", { "mcp-name": "" }],
    ["another name", { "mcp-name": "echo" }],
    ["a name in broken base64", { "mcp-name": "=?base64?bWlycm9yZWQ?=" }],
    [
      "a name in base64 that is no text",
      { "mcp-name": `=?base64?${Buffer.from([0xc3, 0x28]).toString("base64")}?=` },
    ],
    ["a parameter that was not given", { "mcp-param-region": "eu" }],
  ])("are refused: %s", async (_name, headers) => {
    await expectRefusal(await endpoint.postModern("tools/call", call, { headers }), 400, -32_020);
  });

  it.each<[string, object, Record<string, string>]>([
    ["a missing one", { region: "eu" }, {}],
    ["another value", { region: "eu" }, { "mcp-param-region": "us" }],
    ["another number", { level: 42 }, { "mcp-param-level": "43" }],
    ["a number in another notation", { level: 16 }, { "mcp-param-level": "0x10" }],
    ["a boolean in capitals", { really: true }, { "mcp-param-really": "TRUE" }],
    ["a missing nested one", { deep: { city: "Bonn" } }, {}],
    ["characters outside ASCII", { region: "ä" }, { "mcp-param-region": "\u00e4" }],
  ])("are refused by parameter: %s", async (_name, args, headers) => {
    const params = { name: "mirrored", arguments: args as never };
    await expectRefusal(await endpoint.postModern("tools/call", params, { headers }), 400, -32_020);
  });

  it.each<[string, object, Record<string, string>]>([
    ["plain", { region: "eu" }, { "mcp-param-region": "eu" }],
    ["in base64", { region: "Köln " }, { "mcp-param-region": b64("Köln ") }],
    ["that look like base64", { region: "=?base64?x" }, { "mcp-param-region": "=?base64?x" }],
    ["a number", { level: 42 }, { "mcp-param-level": "42.0" }],
    ["a boolean", { really: false }, { "mcp-param-really": "false" }],
    ["nested", { deep: { city: "Bonn" } }, { "mcp-param-city": "Bonn" }],
    ["null, which has none", { region: null }, {}],
    ["of a type that is not mirrored", { ratio: 0.5 }, {}],
    ["and others nobody knows", {}, { "mcp-param-unknown": "x" }],
  ])("are accepted: %s", async (_name, args, headers) => {
    const params = { name: "mirrored", arguments: args as never };
    const response = await endpoint.postModern("tools/call", params, { headers });
    expect([response.status, await response.json()]).toMatchObject([200, { result: {} }]);
  });
});

describe("a request of the stateless era that is none", () => {
  const headers = modernHeaders("tools/list", {});

  it("without an envelope", async () => {
    const body = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    await expectRefusal(await endpoint.post(body, headers), 400, -32_602);
  });

  it("without capabilities", async () => {
    const _meta = { "io.modelcontextprotocol/protocolVersion": modernRevision };
    const body = { jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta } };
    await expectRefusal(await endpoint.post(body, headers), 400, -32_602);
  });

  it("of a version nobody speaks", async () => {
    const version = "2099-01-01";
    const _meta = { ...modernMeta(), "io.modelcontextprotocol/protocolVersion": version };
    const body = { jsonrpc: "2.0", id: 7, method: "tools/list", params: { _meta } };
    const response = await endpoint.post(body, { ...headers, "mcp-protocol-version": version });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      id: 7,
      error: { code: -32_022, data: { supported: [modernRevision], requested: version } },
    });
  });

  it.each(["initialize", "ping", "logging/setLevel", "resources/subscribe", "toString"])(
    "of method %s",
    async (method) => {
      await expectRefusal(await endpoint.postModern(method), 404, -32_601);
    },
  );

  it("in a batch", async () => {
    const params = { _meta: modernMeta() };
    const body = [{ jsonrpc: "2.0", id: 1, method: "tools/list", params }];
    await expectRefusal(await endpoint.post(body, headers), 400, -32_022);
  });

  it("that listens without reading events", async () => {
    const params = { notifications: { toolsListChanged: true } };
    const accept = { accept: "application/json" };
    const response = await endpoint.postModern("subscriptions/listen", params, { headers: accept });
    await expectRefusal(response, 406, -32_600);
  });

  it("that brings state it made itself", async () => {
    const params = { name: "echo", requestState: "AAAA", inputResponses: {} };
    endpoint.host.tools.add(sampleTool("asker"), async (_args, { ask }) => {
      await ask({ key: "k", message: "?", schema: { type: "object" } });
      return textResult("asked");
    });
    const more = { capabilities: { elicitation: {} } };
    const asker = await endpoint.postModern("tools/call", { ...params, name: "asker" }, more);
    expect(await asker.json()).toMatchObject({ error: { code: -32_602 } });
  });
});
