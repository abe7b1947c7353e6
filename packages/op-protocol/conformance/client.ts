/**
 * Our client, for the client scenarios of the official suite: connects to the URL it is given last, calls what the
 * scenario offers or names, accepts every form as it is proposed, and leaves.
 */
import type { JsonObject } from "op-core";
import {
  createHttpTransport,
  listAll,
  openUpstreamClient,
  type InputAnswerer,
} from "../src/client/index.ts";
import { isJsonObject } from "../src/json-rpc/json-rpc-message.ts";
import { JsonRpcError } from "../src/index.ts";

const {
  MCP_CONFORMANCE_SCENARIO: scenario = "",
  MCP_CONFORMANCE_PROTOCOL_VERSION: revision = "",
  MCP_CONFORMANCE_CONTEXT: context = "{}",
} = process.env;

/** The values that a form proposes. */
function defaultsOf(params: JsonObject | undefined): JsonObject {
  const schema = params?.["requestedSchema"];
  const properties = isJsonObject(schema) ? schema["properties"] : undefined;
  const entries = Object.entries(isJsonObject(properties) ? properties : {});
  return Object.fromEntries(
    entries.flatMap(([name, property]) =>
      isJsonObject(property) && property["default"] !== undefined
        ? [[name, property["default"]]]
        : [],
    ),
  );
}

const input: InputAnswerer = {
  session: "conformance",
  answer: async (requests) => {
    const answers = Object.entries(requests).map(([key, { params }]) => [
      key,
      { action: "accept", content: defaultsOf(params) },
    ]);
    return await Promise.resolve(Object.fromEntries(answers));
  },
};

/** The calls that the scenario names, or one of each tool. */
function callsOf(tools: readonly JsonObject[]): readonly JsonObject[] {
  const given: unknown = JSON.parse(context);
  const named = isJsonObject(given) ? given["toolCalls"] : undefined;
  if (Array.isArray(named)) return named.filter(isJsonObject);
  return tools.map(({ name = "" }) => ({
    name,
    arguments: name === "add_numbers" ? { a: 2, b: 3 } : {},
  }));
}

await using client = await openUpstreamClient({
  name: scenario,
  transport: createHttpTransport({ url: new URL(process.argv.at(-1) ?? "") }),
  clientInfo: { name: "op-protocol-conformance", version: "1.0.0" },
  capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
  era: revision >= "2026" ? "auto" : "legacy",
  input,
});
const { capabilities } = await client.connect();
const tools =
  "tools" in capabilities ? await Array.fromAsync(listAll(client, "tools/list", {})) : [];
for (const params of callsOf(tools)) {
  const schema = tools.find(({ name }) => name === params["name"])?.["inputSchema"];
  const hints = isJsonObject(schema) ? { hints: { inputSchema: schema } } : {};
  try {
    await client.request("tools/call", params, { input, ...hints });
  } catch (error) {
    // A refusal is an answer.
    if (!(error instanceof JsonRpcError)) throw error;
  }
}
