// A server that says everywhere what no revision of the protocol knows, over stdio or, after the word `http`, over HTTP:
// then it prints its URL. It is of the handshake era, or after the word `stateless` of the other one.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";

const isStateless = process.argv.includes("stateless");
const odd = { "x-odd": { kept: [null, 1.5, "ü"] } };
const meta = { "example.org/seen": { by: "server" } };
const icons = [
  { src: "https://example.org/i.svg", mimeType: "image/svg+xml", sizes: ["any"], ...odd },
];
const annotations = {
  audience: ["user"],
  priority: 0.5,
  lastModified: "2026-01-01T00:00:00Z",
  ...odd,
};
const tools = ["ask", "fail", "hang", "odd", "report", "what"].map((name) => ({
  name,
  title: `Odd ${name}`,
  ...odd,
  inputSchema: { type: "object", properties: {}, "x-schema": odd },
  description: "It is odd.",
  annotations: { readOnlyHint: true, title: "t", ...odd },
  icons,
  _meta: meta,
  ...(name === "odd"
    ? { outputSchema: { type: "object", properties: { n: { type: "number" } } } }
    : {}),
}));
const uri = "odd://one";
const content = [
  { type: "hologram", depth: 3, ...odd },
  { type: "text", text: "ünï", annotations, _meta: meta, ...odd },
  { type: "resource_link", uri, name: "one", icons, ...odd },
  { type: "resource", resource: { uri, text: "1", _meta: meta, ...odd }, annotations },
];
const result = { content, structuredContent: { n: 1, deep: odd }, _meta: meta, ...odd };
const cancelled = [];
/** How many calls began that never end. */
let begun = 0;
const answers = {
  "logging/setLevel": {},
  "tools/list": { tools },
  "resources/list": {
    resources: [{ uri, name: "one", size: 1, icons, annotations, _meta: meta, ...odd }],
  },
  "resources/templates/list": {
    resourceTemplates: [{ uriTemplate: "odd://{x}", name: "x", icons, _meta: meta, ...odd }],
  },
  "resources/read": {
    contents: [{ uri, text: "1", mimeType: "text/odd", _meta: meta, ...odd }],
    _meta: meta,
    ...odd,
  },
  "resources/unsubscribe": {},
  "prompts/list": {
    prompts: [
      { name: "p", title: "P", arguments: [{ name: "a", ...odd }], icons, _meta: meta, ...odd },
    ],
  },
  "prompts/get": {
    description: "d",
    messages: content.map((one) => ({ role: "user", content: one, ...odd })),
    _meta: meta,
    ...odd,
  },
  "completion/complete": {
    completion: { values: ["a"], total: 7, hasMore: true, ...odd },
    _meta: meta,
  },
};

const waiting = new Map();
let lastId = 0;
const questions = [
  {
    method: "elicitation/create",
    params: {
      message: "Who?",
      requestedSchema: { type: "object", properties: { name: { type: "string" } } },
      _meta: meta,
      ...odd,
    },
  },
  {
    method: "elicitation/create",
    params: {
      mode: "url",
      message: "Go.",
      url: "https://example.org/go",
      elicitationId: "e1",
      ...odd,
    },
  },
  {
    method: "sampling/createMessage",
    params: {
      messages: [{ role: "user", content: { type: "text", text: "?" }, ...odd }],
      maxTokens: 9,
      modelPreferences: odd,
      ...odd,
    },
  },
  { method: "roots/list" },
];

function ask(question, send) {
  const id = `q${(lastId += 1)}`;
  send({ jsonrpc: "2.0", id, ...question });
  return new Promise((resolve) => waiting.set(id, resolve));
}

const calls = {
  odd: () => result,
  what: ({ _meta: { progressToken: _token, ...all } = {} }) => {
    // Each client says what it is itself.
    const theirs = Object.entries(all).filter(
      ([key]) => !key.startsWith("io.modelcontextprotocol/"),
    );
    const seen = Object.fromEntries(theirs);
    return { content: [{ type: "text", text: JSON.stringify({ seen, begun, cancelled }) }] };
  },
  report: ({ _meta: { progressToken } = {} }, send) => {
    const progress = { progressToken, progress: 1, total: 2, message: "half", ...odd, _meta: meta };
    const lines = [
      { level: "info", data: odd, _meta: meta },
      { level: "error", logger: "odd", data: "text", ...odd },
    ];
    send({ jsonrpc: "2.0", method: "notifications/progress", params: progress });
    for (const params of lines) send({ jsonrpc: "2.0", method: "notifications/message", params });
    send({ jsonrpc: "2.0", method: "notifications/odd/told", params: { ...odd, _meta: meta } });
    return result;
  },
  fail: () => {
    throw { code: -31999, message: "No.", data: [odd] };
  },
  ask: async (_params, send) => {
    const told = [];
    for (const question of questions) told.push(await ask(question, send));
    return { content: [{ type: "text", text: JSON.stringify(told) }] };
  },
  hang: () => {
    begun += 1;
    return new Promise(() => {});
  },
};

let broadcast = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const capabilities = {
  tools: {},
  resources: { subscribe: true },
  prompts: {},
  completions: {},
  logging: {},
};

/** What only the stateless era has; nothing where an answer is the same in both. */
function answerStateless({ id, method, params }, send) {
  if (method === "server/discover")
    return { supportedVersions: ["2026-07-28"], capabilities, ttlMs: 0, cacheScope: "private" };
  if (method === "initialize") throw { code: -32601, message: "no" };
  if (method === "tools/call" && params.name === "ask") {
    if (params.inputResponses === undefined)
      return {
        resultType: "input_required",
        inputRequests: Object.fromEntries(questions.map((question, n) => [`q${n}`, question])),
        requestState: "state",
      };
    const told = [params.requestState, ...Object.values(params.inputResponses)];
    return { content: [{ type: "text", text: JSON.stringify(told) }] };
  }
  if (method !== "subscriptions/listen") return undefined;
  const _meta = { "io.modelcontextprotocol/subscriptionId": id };
  const tell = (kind, more) =>
    send({ jsonrpc: "2.0", method: `notifications/${kind}`, params: { ...more, _meta } });
  tell("subscriptions/acknowledged", { notifications: params.notifications });
  for (const followed of params.notifications.resourceSubscriptions ?? [])
    setTimeout(() => tell("resources/updated", { uri: followed }), 50);
  return new Promise(() => {});
}

async function answer(message, send) {
  const { method, params } = message;
  if (isStateless) {
    const own = await answerStateless(message, send);
    if (own !== undefined) return { resultType: "complete", ...own };
  }
  if (method === "initialize") {
    return {
      protocolVersion: "2025-11-25",
      capabilities,
      serverInfo: { name: "odd", version: "1" },
    };
  }
  if (method === "tools/call") return await calls[params.name](params, send);
  if (method === "resources/subscribe") {
    const updated = { method: "notifications/resources/updated", params: { uri: params.uri } };
    setTimeout(() => broadcast({ jsonrpc: "2.0", ...updated }), 50);
    return {};
  }
  if (answers[method] === undefined) throw { code: -32601, message: "no" };
  return isStateless ? { resultType: "complete", ...answers[method] } : answers[method];
}

async function take(message, send) {
  const { id, method, params } = message;
  if (method === undefined) waiting.get(id)?.(message.result ?? message.error);
  if (method === "notifications/cancelled") cancelled.push(params.reason);
  if (id === undefined || method === undefined) return;
  const body = await answer(message, send).then(
    (given) => ({ result: given }),
    (error) => ({ error }),
  );
  send({ jsonrpc: "2.0", id, ...body });
}

if (process.argv[2] === "http") {
  const stream = { "content-type": "text/event-stream" };
  const server = createServer(async (req, res) => {
    const send = (message) => res.write(`data: ${JSON.stringify(message)}\n\n`);
    if (req.method === "GET") {
      res.writeHead(200, stream).flushHeaders();
      broadcast = send;
      return;
    }
    const message = await json(req);
    if (message.id === undefined || message.method === undefined) {
      void take(message, send);
      res.writeHead(202).end();
      return;
    }
    res.writeHead(200, { ...stream, "mcp-session-id": "s" });
    await take(message, send);
    res.end();
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
} else {
  const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  createInterface({ input: process.stdin }).on("line", (line) => void take(JSON.parse(line), send));
}
