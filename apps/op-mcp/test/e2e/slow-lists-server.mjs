// A server over stdio that says what tools it has at once, and what resources and prompts after a while.
import { createInterface } from "node:readline";

const delayMs = 700;
const results = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {}, resources: {}, prompts: {} },
    serverInfo: { name: "slow-lists", version: "1" },
  },
  "tools/list": {
    tools: [{ name: "nod", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }],
  },
  "tools/call": { content: [{ type: "text", text: "nodded" }] },
  "resources/list": { resources: [{ uri: "slow://one", name: "one" }] },
  "resources/templates/list": { resourceTemplates: [] },
  "prompts/list": { prompts: [{ name: "two" }] },
};

function answer({ id, method }) {
  const result = results[method];
  const body = result === undefined ? { error: { code: -32601, message: "no" } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.id === undefined) continue;
  const isSlow = /^(?:resources|prompts)\//.test(message.method);
  setTimeout(() => answer(message), isSlow ? delayMs : 0);
}
