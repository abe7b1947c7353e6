import * as z from "zod";

const text = (description: string) => z.string().optional().meta({ description });
const texts = (description: string) => z.array(z.string()).optional().meta({ description });
const yes = (description: string) => z.boolean().optional().meta({ description });
const textMap = (description: string) =>
  z.record(z.string(), z.string()).optional().meta({ description });
/** People write secrets here, whatever they are told, so it is not shown. */
const hiddenMap = (description: string) =>
  z.record(z.string(), z.string()).optional().meta({ description, secret: true });
const count = (description: string) => z.int().positive().optional().meta({ description });

const references = "`file:/path`, `env:NAME`, `credential:NAME` or `command:PROGRAM ARGUMENTS`";

const Risk = z.enum(["read", "write", "destructive", "privileged"]);

/** What is changed of the tools that match. */
const ToolRuleSettings = z.strictObject({
  match: z.string().meta({
    description: "The server's own names of the tools; `*` stands for anything.",
  }),
  hide: yes("Neither listed nor callable."),
  rename: text("Another name; only where the pattern matches one tool."),
  description: text("Another description."),
  pin: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: "Arguments that are always these, and that nobody sees." }),
  risk: Risk.optional().meta({ description: "What the policy takes it for." }),
  annotations: z
    .strictObject({
      title: text("A title for people."),
      readOnlyHint: yes("It changes nothing."),
      destructiveHint: yes("It may destroy."),
      idempotentHint: yes("Twice is as good as once."),
      openWorldHint: yes("It reaches out of the machine."),
    })
    .optional()
    .meta({ description: "Hints in place of the server's own." }),
  repeat: yes(
    "Whether a call is made once more when the connection ended in its midst; where its hints say that it is read-only or idempotent unless told.",
  ),
});

/** How to authenticate to a server that is reached over the network. */
const UpstreamAuthSettings = z.strictObject({
  token: text(`A token for the header \`authorization: Bearer\`: ${references}.`),
  oauth: z.enum(["person", "client"]).optional().meta({
    description:
      "OAuth: a `person` lets op-mcp in with `op-mcp upstreams login`, or it is let in as a `client` of its own.",
  }),
  users: z.enum(["shared", "each"]).optional().meta({
    description:
      "Whether everybody who uses op-mcp acts with one login, or `each` with their own; shared unless told.",
  }),
  clientId: text("As which client op-mcp was registered; it registers itself unless told."),
  clientSecret: text(`That client's secret: ${references}.`),
  privateKey: text(`Its private key, PKCS#8 in PEM, in place of a secret: ${references}.`),
  algorithm: text("What the private key signs with; ES256 unless told."),
  issuer: text(
    "The only authorization server that is told who op-mcp is; the first one met, unless told.",
  ),
  metadataUrl: text("Where a document says who op-mcp is (CIMD)."),
  scope: text("What to ask for; what the server says it wants, unless told."),
  redirectPort: z.int().min(1).max(65_535).optional().meta({
    description:
      "The port on 127.0.0.1 to which the browser comes back, at `/callback`; any free one unless told.",
  }),
});

/** How a program is kept apart, in op-process's words. */
const UpstreamSandboxSettings = z.strictObject({
  level: z.enum(["none", "limits", "user", "namespaces", "full"]).optional().meta({
    description: "How much the program is kept apart; full unless told.",
  }),
  least: z.enum(["none", "limits", "user", "namespaces", "full"]).optional().meta({
    description: "With less it does not start; the level unless told.",
  }),
  network: z.enum(["none", "host"]).optional().meta({
    description: "Whether it sees the machine's network; none in a sandbox unless told.",
  }),
  readable: texts("Absolute paths it sees although they are in a hidden folder."),
  writable: texts("Absolute paths it can write."),
});

/** One MCP server behind op-mcp. */
export const UpstreamSettings = z.strictObject({
  isEnabled: yes("Whether it is used; it is unless told."),
  type: z.enum(["stdio", "http", "sse", "websocket"]).optional().meta({
    description: "How it is spoken to; told by `command` or `url` unless told.",
  }),
  command: text("The program, looked up in PATH; no shell reads it."),
  args: texts("Its arguments."),
  cwd: text("Where it runs; `/` unless told."),
  env: hiddenMap("Its environment, besides `passEnv`."),
  secretEnv: textMap(`Variables with secrets in them, each as a reference: ${references}.`),
  passEnv: texts(
    "Variables it gets from op-mcp's own environment; HOME, LANG, LC_ALL, LOGNAME, PATH, SHELL, TERM, TMPDIR, TZ and USER unless told.",
  ),
  values: textMap(
    `What is put in the place of \`\${NAME}\` or \`\${NAME:-default}\` in its command, arguments, folder, URL, environment and headers, each as a reference: ${references}. Every user of the machine can read a program's arguments while it runs: what is secret belongs in \`secretEnv\` where the program takes it from there.`,
  ),
  sandbox: UpstreamSandboxSettings.optional().meta({
    description: "How the program is kept apart; it is not unless told.",
  }),
  memoryBytes: count("It is ended when it takes more memory."),
  url: text("Where it is reached."),
  headers: hiddenMap("Sent with every request."),
  secretHeaders: textMap(`Headers with secrets in them, each as a reference: ${references}.`),
  auth: UpstreamAuthSettings.optional().meta({ description: "How to authenticate to it." }),
  era: z.enum(["auto", "modern", "legacy"]).optional().meta({
    description: "Which era of the protocol to try; found out unless told.",
  }),
  prefix: text("Stands before the names of its tools and prompts, with an underscore between."),
  keepUris: yes("Whether its resources keep their URIs, where it is the only one with resources."),
  warm: yes("Connected from the start on, and again when it was lost."),
  idleMs: count("How long it is kept without use, in milliseconds; five minutes unless told."),
  connections: z.enum(["shared", "per-session"]).optional().meta({
    description:
      "Whether each client session has a connection of its own, for servers that remember or ask; shared unless told. Its calls, what it reads, completes and follows go over that; lists are the same for all: they have every tool that one of the connections has.",
  }),
  connectTimeoutMs: count("How long connecting may take, in milliseconds; 30 s unless told."),
  requestTimeoutMs: count(
    "How long a request may go without a sign of life, in milliseconds; a minute unless told.",
  ),
  maxMessageBytes: count("The size of a message; 10 MB unless told."),
  maxConcurrent: count("How many requests it gets at a time; 32 unless told."),
  maxQueued: count("How many requests may wait for their turn; 256 unless told."),
  callsPerSecond: count("How many calls it gets in a second; no limit unless told."),
  logMessagesPerSecond: count(
    "How many of its log messages reach clients in a second, by each connection; five times as many may come at once, and what is more is left out and counted; 200 unless told.",
  ),
  keepResults: yes(
    "Whether its lists and resources are kept as long as it says they may be; they are unless told.",
  ),
  trustAnnotations: yes("Whether its own hints make a tool's risk; they do unless told."),
  changed: z.enum(["quarantine", "accept"]).optional().meta({
    description:
      "What happens to a tool whose definition is another one than it was: held back until `op-mcp upstreams accept`, or used.",
  }),
  category: text("The category of its tools; upstream unless told."),
  tools: z.array(ToolRuleSettings).optional().meta({
    description: "What is changed of its tools. The first rule that says something decides it.",
  }),
});

/** One MCP server behind op-mcp, as it was configured. */
export type UpstreamSettings = z.output<typeof UpstreamSettings>;

/** The MCP servers behind op-mcp. */
export const UpstreamsConfig = z
  .strictObject({
    servers: z.record(z.string(), UpstreamSettings).default({}).meta({
      description:
        "MCP servers by name (letters, digits, `_`, `-`), each as other clients configure it: `command`, `args` and `env`, or `url` and `headers`, and more; `op-mcp config schema` has it all.",
      live: true,
    }),
    tokenKey: z
      .string()
      .default("")
      .meta({
        description: `What tokens that were got by OAuth are encrypted with: ${references}. Empty means a file beside them that is made when it is needed, which protects copies of the tokens alone, and from nobody who can read both files.`,
        live: true,
      }),
    oldTokenKeys: z.array(z.string()).default([]).meta({
      description:
        "Where earlier keys are: tokens encrypted with one of them are encrypted anew when they are next used.",
      live: true,
    }),
  })
  .meta({ description: "Other MCP servers, whose tools, resources and prompts are offered too." });

/** The MCP servers behind op-mcp, complete. */
export type UpstreamsConfig = z.output<typeof UpstreamsConfig>;
