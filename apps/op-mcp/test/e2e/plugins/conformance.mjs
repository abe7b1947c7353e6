// What the official conformance suite calls, reads and gets by name, offered as a plugin offers it.
// op-protocol exports its fixtures to nobody, so they are loaded by their place.
const fixtures = new URL("../../../../../packages/op-protocol/conformance/", import.meta.url);
const load = (file) => import(new URL(file, fixtures).href);
const { askingTools } = await load("asking-tools.ts");
const { fixturePrompts, fixtureResources } = await load("fixture-sources.ts");
const { simpleTools } = await load("simple-tools.ts");

const toTool = ([name, { schema = { type: "object" }, call }]) => ({
  name,
  description: name.replaceAll("_", " "),
  inputSchema: schema,
  annotations: {},
  category: "conformance",
  tags: [],
  source: "conformance",
  risk: "read",
  call: async (args, context) => call(args, context),
});

const tools = new Map(
  Object.entries({ ...simpleTools, ...askingTools }).map((entry) => [entry[0], toTool(entry)]),
);

export function openToolSource() {
  return {
    name: "conformance",
    async *list() {
      for (const { call: _call, ...descriptor } of tools.values()) yield descriptor;
    },
    load: async (name) => tools.get(name),
    async [Symbol.asyncDispose]() {},
  };
}

export const openResourceSource = () => fixtureResources;
export const openPromptSource = () => fixturePrompts;
