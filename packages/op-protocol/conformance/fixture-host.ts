import { textResult, ToolNotFoundError, type ToolDescriptor, type ToolView } from "op-tools";
import type { McpHost } from "../src/index.ts";
import { Announcer } from "./announcer.ts";
import { objectSchema, type Fixture } from "./answers.ts";
import { askingTools } from "./asking-tools.ts";
import { fixturePrompts, fixtureResources, promptChanges } from "./fixture-sources.ts";
import { simpleTools } from "./simple-tools.ts";

const toolChanges = new Announcer();
/** Whether there is one tool more than there was. */
let isChanged = false;

function telling(announcer: Announcer): Fixture {
  return {
    call: () => {
      announcer.tell();
      return textResult("told");
    },
  };
}

const fixtures: Readonly<Record<string, Fixture>> = {
  ...simpleTools,
  ...askingTools,
  test_trigger_tool_change: {
    call: () => {
      isChanged = !isChanged;
      toolChanges.tell();
      return textResult("changed");
    },
  },
  test_trigger_prompt_change: telling(promptChanges),
};

function describe([name, { schema }]: readonly [string, Fixture]): ToolDescriptor {
  return {
    name,
    description: name.replaceAll("_", " "),
    inputSchema: schema ?? objectSchema(),
    annotations: {},
    category: "conformance",
    tags: [],
    source: "conformance",
    risk: "read",
  };
}

const always = Object.entries(fixtures).map(describe);
const added = describe(["test_added_tool", { call: () => textResult("added") }]);
const listed = (): readonly ToolDescriptor[] => (isChanged ? [...always, added] : always);

const tools: ToolView = {
  get size() {
    return listed().length;
  },
  get revision() {
    return isChanged ? "2" : "1";
  },
  slice: (start, end) => listed().slice(start, end),
  find: (name) => listed().find((tool) => tool.name === name),
  call: async (name, args, context) => {
    const fixture = Object.hasOwn(fixtures, name) ? fixtures[name] : undefined;
    if (fixture === undefined) throw new ToolNotFoundError(name);
    return await fixture.call(args, context);
  },
  onChanged: (listener) => toolChanges.onTold(listener),
};

/** Everything the official suite calls, reads and gets by name. */
export const fixtureHost: McpHost = {
  info: { name: "op-protocol-conformance", version: "1.0.0" },
  tools,
  resources: [fixtureResources],
  prompts: [fixturePrompts],
};
