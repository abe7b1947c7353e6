// A plugin with a tool that must not run unasked. It counts, so that a test sees whether it ran.
let runs = 0;

const erase = {
  name: "erase_disk",
  description: "Erases a disk.",
  inputSchema: {
    type: "object",
    properties: { device: { type: "string" } },
    required: ["device"],
    additionalProperties: false,
  },
  annotations: { destructiveHint: true },
  category: "disk",
  tags: [],
  source: "risky",
  risk: "destructive",
};

const countRuns = {
  name: "count_runs",
  description: "Tells how often a disk was erased.",
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
  category: "disk",
  tags: [],
  source: "risky",
  risk: "read",
};

const rename = {
  name: "rename_disk",
  description: "Gives a disk another label.",
  inputSchema: {
    type: "object",
    properties: { device: { type: "string" }, label: { type: "string" } },
    required: ["device", "label"],
  },
  annotations: {},
  category: "disk",
  tags: [],
  source: "risky",
  risk: "write",
};

const repeat = {
  name: "repeat_text",
  description: "Says a text, or fails with it.",
  inputSchema: {
    type: "object",
    properties: { text: { type: "string" }, fail: { type: "boolean" } },
  },
  annotations: {},
  category: "disk",
  tags: [],
  source: "risky",
  risk: "read",
};

const text = (value) => ({ content: [{ type: "text", text: value }] });

const tools = {
  erase_disk: {
    ...erase,
    call: async ({ device }) => {
      runs += 1;
      return text(`erased ${device}`);
    },
  },
  rename_disk: {
    ...rename,
    call: async ({ device, label }) => text(`${device} is now ${label}`),
    preview: async ({ device, label }) => text(`${device} would be ${label}`),
  },
  repeat_text: {
    ...repeat,
    call: async ({ text: said, fail }) => {
      if (fail) throw new TypeError(`cannot reach ${said}`);
      return text(said);
    },
  },
  count_runs: { ...countRuns, call: async () => text(`runs: ${runs}`) },
};

export function openToolSource() {
  return {
    name: "risky",
    async *list() {
      yield erase;
      yield countRuns;
      yield rename;
      yield repeat;
    },
    load: async (name) => tools[name],
    async [Symbol.asyncDispose]() {},
  };
}
