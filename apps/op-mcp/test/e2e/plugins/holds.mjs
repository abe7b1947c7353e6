// A plugin with a tool that works until somebody writes a file.
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

const hold = {
  name: "hold",
  description: "Works until a file is there.",
  inputSchema: {
    type: "object",
    properties: { until: { type: "string" } },
    required: ["until"],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true },
  category: "test",
  tags: [],
  source: "holds",
  risk: "read",
};

async function call({ until }, { signal }) {
  process.stderr.write("holding\n");
  while (!existsSync(until)) await setTimeout(10, undefined, { signal });
  return { content: [{ type: "text", text: "let go" }] };
}

export const openToolSource = () => ({
  name: "holds",
  async *list() {
    yield hold;
  },
  load: async () => ({ ...hold, call }),
  [Symbol.asyncDispose]: async () => undefined,
});
