/** A server with one tool, over stdio. */
import { createMcpServer, createStreamTransport } from "op-protocol";
import { createMemorySource, createToolView, openToolbox, textResult, type Tool } from "op-tools";

const echo: Tool = {
  name: "echo",
  description: "Answers what it is told.",
  inputSchema: { type: "object", properties: { message: { type: "string" } } },
  annotations: { readOnlyHint: true },
  category: "bench",
  tags: [],
  source: "echo",
  risk: "read",
  call: ({ message }) => Promise.resolve(textResult(JSON.stringify(message ?? null))),
};
await using toolbox = await openToolbox({ sources: [createMemorySource("echo", [echo])] });
await toolbox.ready;
using tools = createToolView({
  catalogue: toolbox.registry,
  call: (name, args, context) => toolbox.call(name, args, context),
  metaTools: [],
  mode: "direct",
});
const info = { name: "echo", version: "1" };
await using server = createMcpServer({ host: { info, tools, resources: [], prompts: [] } });
const { stdin: input, stdout: output } = process;
server.connect(createStreamTransport({ input, output }), { id: "bench", scopes: [] });
await new Promise((resolve) => input.once("close", resolve));
