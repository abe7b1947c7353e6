// A plugin that prints wherever it can, and has a tool that never ends by itself.
console.log("loading prints");
process.stdout.write("and so does writing\n");

const descriptor = (name, description) => ({
  name,
  description,
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
  category: "noise",
  tags: [],
  source: "noisy",
  risk: "read",
});

const tools = {
  shout: {
    ...descriptor("shout", "Prints on every stream and answers."),
    call: async () => {
      console.log("calling prints");
      process.stdout.write("calling writes\n");
      return { content: [{ type: "text", text: "shouted" }] };
    },
  },
  hang: {
    ...descriptor("hang", "Never ends by itself."),
    call: () => new Promise(() => setInterval(() => undefined, 1000)),
  },
};

export function openToolSource() {
  return {
    name: "noisy",
    async *list() {
      yield* Object.values(tools);
    },
    load: async (name) => tools[name],
    async [Symbol.asyncDispose]() {},
  };
}
