import { textResult, ToolNotFoundError, type ToolDescriptor, type ToolView } from "op-tools";
import type { McpHost } from "../src/index.ts";
import { Announcer } from "./announcer.ts";
import { objectSchema, type Fixture } from "./answers.ts";
import { askingTools } from "./asking-tools.ts";
import { fixturePrompts, fixtureResources, promptChanges } from "./fixture-sources.ts";
import { simpleTools } from "./simple-tools.ts";

const toolChanges = new Announcer();

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
  test_trigger_tool_change: telling(toolChanges),
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

const descriptors = Object.entries(fixtures).map(describe);

const tools: ToolView = {
  size: descriptors.length,
  revision: "1",
  slice: (start, end) => descriptors.slice(start, end),
  find: (name) => descriptors.find((tool) => tool.name === name),
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
