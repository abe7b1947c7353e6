import { sleep, type JsonValue } from "op-core";
import { objectSchema, png, says, textResult, wav, type Fixture } from "./answers.ts";

const picture = { type: "image", data: png, mimeType: "image/png" } as const;

/** A schema with every keyword that a server is tempted to drop. */
const fullSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema, in data that nobody awaits
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
} as const;

/** Tools that answer without asking anything. */
export const simpleTools: Readonly<Record<string, Fixture>> = {
  test_simple_text: {
    call: says({ type: "text", text: "This is a simple text response for testing." }),
  },
  test_image_content: { call: says(picture) },
  test_audio_content: { call: says({ type: "audio", data: wav, mimeType: "audio/wav" }) },
  test_embedded_resource: {
    call: says({
      type: "resource",
      resource: {
        uri: "test://embedded-resource",
        mimeType: "text/plain",
        text: "This is an embedded resource content.",
      },
    }),
  },
  test_multiple_content_types: {
    call: says({ type: "text", text: "Multiple content types test:" }, picture, {
      type: "resource",
      resource: {
        uri: "test://mixed-content-resource",
        mimeType: "application/json",
        text: '{"test":"data","value":123}',
      },
    }),
  },
  test_tool_with_logging: {
    call: async (_args, { logToClient, signal }) => {
      const lines = ["Tool execution started", "Tool processing data", "Tool execution completed"];
      for (const line of lines) {
        logToClient("info", line);
        await sleep(50, { signal });
      }
      return textResult("logged");
    },
  },
  test_tool_with_progress: {
    call: async (_args, { reportProgress, signal, meta }) => {
      for (const progress of [0, 50, 100]) {
        reportProgress({ progress, total: 100 });
        await sleep(50, { signal });
      }
      const token: JsonValue = meta["progressToken"] ?? null;
      return textResult(JSON.stringify(token));
    },
  },
  /** Outlives the connection its answer began on. */
  test_reconnection: {
    call: async (_args, { logToClient, signal }) => {
      logToClient("info", "Reconnection test started");
      await sleep(1500, { signal });
      return textResult("Reconnection test completed successfully.");
    },
  },
  test_error_handling: {
    call: () => ({
      ...textResult("This tool intentionally returns an error for testing"),
      isError: true,
    }),
  },
  test_logging_tool: {
    call: (_args, { logToClient }) => {
      logToClient("info", "a line");
      return textResult("logged");
    },
  },
  test_streaming_elicitation: { call: says({ type: "text", text: "no request of its own" }) },
  json_schema_2020_12_tool: {
    schema: fullSchema,
    call: (args) => textResult(JSON.stringify(args)),
  },
  test_x_mcp_header: {
    schema: objectSchema({
      region: { type: "string", "x-mcp-header": "Region" },
      level: { type: "integer" },
    }),
    call: ({ region = null }) => textResult(`region=${JSON.stringify(region)}`),
  },
};
