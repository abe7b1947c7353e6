// A plugin with a tool that fails in a way nobody expected.
const throws = {
  name: "throws",
  description: "Fails.",
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
  category: "test",
  tags: [],
  source: "throws-when-called",
  risk: "read",
};

export const openToolSource = () => ({
  name: "throws-when-called",
  async *list() {
    yield throws;
  },
  load: async () => ({
    ...throws,
    call: () => Promise.reject(new TypeError("hunter2 is not a function")),
  }),
  [Symbol.asyncDispose]: async () => undefined,
});
