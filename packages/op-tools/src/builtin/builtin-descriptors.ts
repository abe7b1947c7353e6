import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** The name of the source of built-in tools. */
export const builtinSourceName = "builtin";

/** Marks the tools through which others are found and called. */
const metaTag = "meta";

/** Not called idempotent: the answers change with time and with who asks, and must not be given again from a cache. */
const reading = { readOnlyHint: true, destructiveHint: false, openWorldHint: false } as const;

const draft = "https://json-schema.org/draft/2020-12/schema";

const toolName = { type: "string", description: "The tool's name." } as const;

const callInput = {
  $schema: draft,
  type: "object",
  properties: {
    name: toolName,
    arguments: {
      default: {},
      description: "The tool's arguments, as its inputSchema says.",
      type: "object",
      properties: {},
      additionalProperties: true,
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

const { $schema: _draft, ...oneCall } = callInput;

const callsInput = {
  $schema: draft,
  type: "object",
  properties: {
    calls: {
      minItems: 1,
      maxItems: 20,
      type: "array",
      items: oneCall,
      description: "The calls. None may need another's result.",
    },
  },
  required: ["calls"],
  additionalProperties: false,
} as const;

/** What a tool may do that calls any other. */
const callingAny = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
} as const;

/** What a tool may do that calls any other which only reads. */
const callingReaders = { ...callingAny, readOnlyHint: true, destructiveHint: false } as const;

const emptyInput = {
  $schema: draft,
  type: "object",
  properties: {},
  additionalProperties: false,
} as const;

/**
 * The built-in tools as lists and searches need them, written out so that neither zod nor a tool has to be loaded for
 * it. A test holds each against the schema that its tool really uses.
 */
export const builtinDescriptors = {
  search_tools: {
    name: "search_tools",
    title: "Search tools",
    description:
      "Finds tools by what they do, in plain language. Most tools are not listed: search before you conclude that something cannot be done. An empty query shows where tools are.",
    inputSchema: {
      $schema: draft,
      type: "object",
      properties: {
        query: {
          type: "string",
          maxLength: 1000,
          description: "What the tool should do, for example: why did nginx fail",
        },
        limit: {
          default: 8,
          description: "Show at most so many.",
          type: "integer",
          minimum: 1,
          maximum: 50,
        },
        source: { description: "Only tools of this source.", type: "string" },
        category: { description: "Only tools of this category.", type: "string" },
        risk: {
          description: "Only tools of this risk.",
          type: "string",
          enum: ["read", "write", "destructive", "privileged"],
        },
      },
      required: ["query"],
      additionalProperties: false,
    },
    annotations: reading,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "read",
  },
  describe_tool: {
    name: "describe_tool",
    title: "Describe a tool",
    description: "Shows one tool in full: arguments, risk, annotations, source and usage.",
    inputSchema: {
      $schema: draft,
      type: "object",
      properties: { name: toolName },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: reading,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "read",
  },
  call_tool: {
    name: "call_tool",
    title: "Call a tool",
    description:
      "Calls any tool by name, listed or not. What the tool may do, and whether a person is asked first, is decided for the tool that is called.",
    inputSchema: callInput,
    annotations: callingAny,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "destructive",
  },
  call_tool_readonly: {
    name: "call_tool_readonly",
    title: "Call a tool that only reads",
    description: "Calls a tool of risk read by name, listed or not, and refuses every other tool.",
    inputSchema: callInput,
    annotations: callingReaders,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "read",
  },
  call_many: {
    name: "call_many",
    title: "Call several tools at once",
    description:
      "Calls up to 20 tools at the same time, in no order, and answers with one result each, in the order of the calls. One that fails does not hurt the others. Each is decided for by itself; one that needs a person's yes is refused here and has to be called alone.",
    inputSchema: callsInput,
    annotations: callingAny,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "destructive",
  },
  call_many_readonly: {
    name: "call_many_readonly",
    title: "Call several tools at once that only read",
    description: "As call_many, for tools of risk read: every other is refused.",
    inputSchema: callsInput,
    annotations: callingReaders,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "read",
  },
  server_status: {
    name: "server_status",
    title: "Server status",
    description:
      "Shows the state of op-mcp itself: versions, uptime, sources, known and loaded tools, conflicts and quarantined tools.",
    inputSchema: emptyInput,
    annotations: reading,
    category: "tools",
    tags: [metaTag],
    source: builtinSourceName,
    risk: "read",
  },
  get_system_info: {
    name: "get_system_info",
    title: "System information",
    description:
      "Shows hostname, operating system release, kernel, architecture, uptime, load, processors and memory of the machine.",
    inputSchema: emptyInput,
    annotations: reading,
    category: "system",
    tags: ["host", "os", "hardware"],
    source: builtinSourceName,
    risk: "read",
  },
  check_command_exists: {
    name: "check_command_exists",
    title: "Check whether a command exists",
    description:
      "Tells whether a program is installed and where, by looking through PATH. Runs nothing.",
    inputSchema: {
      $schema: draft,
      type: "object",
      properties: {
        command: {
          type: "string",
          minLength: 1,
          maxLength: 128,
          pattern: "^[A-Za-z0-9_[][A-Za-z0-9_.+@-]*$",
          description: "The program's name, without a path.",
        },
      },
      required: ["command"],
      additionalProperties: false,
    },
    annotations: reading,
    category: "system",
    tags: ["which", "path", "installed"],
    source: builtinSourceName,
    risk: "read",
  },
} as const satisfies Readonly<Record<string, ToolDescriptor>>;

/** The name of a built-in tool. */
export type BuiltinName = keyof typeof builtinDescriptors;

/** Whether a name is that of a built-in tool. */
export function isBuiltinName(name: string): name is BuiltinName {
  return Object.hasOwn(builtinDescriptors, name);
}

/**
 * Whether a tool is one through which others are found and called. Limits, approval and caching do not concern it: they
 * apply to the tool that is called in the end.
 */
export function isMetaTool(tool: Pick<ToolDescriptor, "source" | "tags">): boolean {
  return tool.source === builtinSourceName && tool.tags.includes(metaTag);
}

/** Names of the tools through which others are found and called, in the order in which they are listed. */
export const metaToolNames: readonly string[] = Object.values(builtinDescriptors)
  .filter(isMetaTool)
  .map(({ name }) => name);
