import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { odd, Side } from "./side.ts";
import { installationWith } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";
import type { Message } from "./wire.ts";

const script = fileURLToPath(new URL("odd-server.mjs", import.meta.url));
const patience = { timeout: 20_000 };

/** The server's own of a list in which others have theirs. */
function onlyOdd(answer: unknown, list: string): unknown {
  const items = (answer as { readonly result: Record<string, readonly Message[]> }).result[list];
  return items?.filter((item) => JSON.stringify(item).includes("x-odd"));
}

const lists = {
  "tools/list": "tools",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
  "prompts/list": "prompts",
} as const;

const exchanges: readonly (readonly [string, Message])[] = [
  ["tools/call", { name: "odd", arguments: {} }],
  ["tools/call", { name: "report", arguments: {}, _meta: { progressToken: "t" } }],
  ["tools/call", { name: "fail", arguments: {} }],
  ["tools/call", { name: "ask", arguments: {} }],
  ["tools/call", { name: "what", arguments: {}, _meta: { "example.org/mine": odd } }],
  ["resources/read", { uri: "odd://one" }],
  ["prompts/get", { name: "p", arguments: { a: "1" } }],
  [
    "completion/complete",
    { ref: { type: "ref/prompt", name: "p" }, argument: { name: "a", value: "" } },
  ],
];

async function expectSame(direct: Side, through: Side): Promise<void> {
  for (const [method, list] of Object.entries(lists)) {
    await expect
      .poll(async () => onlyOdd(await through.ask(method), list), patience)
      .not.toEqual([]);
    const near = onlyOdd(await direct.ask(method), list);
    const far = onlyOdd(await through.ask(method), list);
    expect(JSON.stringify(far), method).toBe(JSON.stringify(near));
  }
  for (const [method, params] of exchanges) {
    const near = await direct.ask(method, params);
    expect(await through.ask(method, params), JSON.stringify(params)).toEqual(near);
  }
  expect(through.questions).toEqual(direct.questions);
  const telling = ["progress", "message", "odd/told"].map((each) => `notifications/${each}`);
  expect(through.told(...telling)).toEqual(direct.told(...telling));
}

/** A call that is cancelled is cancelled there, and a resource that is followed is told of. */
async function expectAttached({ wire }: Side): Promise<void> {
  const hang = { name: "hang", arguments: {} };
  wire.write(
    `${JSON.stringify({ jsonrpc: "2.0", id: "h", method: "tools/call", params: hang })}\n`,
  );
  const cancelled = { requestId: "h", reason: "enough of it" };
  const told = { jsonrpc: "2.0", method: "notifications/cancelled", params: cancelled };
  const what = async (): Promise<string> =>
    JSON.stringify(await wire.ask("tools/call", { name: "what", arguments: {} }));
  await expect.poll(what, patience).toContain(String.raw`\"begun\":1`);
  wire.write(`${JSON.stringify(told)}\n`);
  await expect.poll(what, patience).toContain("enough of it");
  await wire.ask("resources/subscribe", { uri: "odd://one" });
  const params = { uri: "odd://one" };
  await expect
    .poll(() => wire.received, patience)
    .toContainEqual({ jsonrpc: "2.0", method: "notifications/resources/updated", params });
}

async function startOverHttp(): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [script, "http"], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed]: Buffer[] = await once(child.stdout, "data");
  return {
    url: String(printed).trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

describe.each(["handshake", "stateless"] as const)("to a client of the %s era", (era) => {
  verifies("upstreams.lossless", `a server of the stateless era, ${era}`, async () => {
    await using stack = new AsyncDisposableStack();
    const program = { command: process.execPath, args: [script, "stateless"] };
    const servers = { odd: { ...program, keepUris: true, connections: "per-session" } };
    const installation = stack.use(await installationWith(servers));
    const alone = stack.adopt(
      spawn(program.command, program.args, { stdio: "pipe" }),
      (child) => void child.kill(),
    );
    const direct = new Side(alone, "stateless");
    const through = new Side(installation.spawn(), era);
    await through.begin();
    await expectSame(direct, through);
    if (era === "handshake") await expectAttached(through);
  });
});

const ways = (["stdio", "HTTP"] as const).flatMap((way) =>
  (["handshake", "stateless"] as const).map((era) => [way, era] as const),
);

describe.each(ways)("a server over %s, to a client of the %s era", (way, era) => {
  verifies("upstreams.lossless", `${way}, ${era}`, async () => {
    await using stack = new AsyncDisposableStack();
    const program = { command: process.execPath, args: [script] };
    const where = way === "stdio" ? program : { url: stack.use(await startOverHttp()).url };
    const more = { keepUris: true, connections: "per-session" };
    const installation = stack.use(await installationWith({ odd: { ...where, ...more } }));
    const alone = stack.adopt(
      spawn(program.command, program.args, { stdio: "pipe" }),
      (child) => void child.kill(),
    );
    const direct = new Side(alone, "handshake");
    const through = new Side(installation.spawn(), era);
    await direct.begin();
    await through.begin();
    await expectSame(direct, through);
    if (era === "handshake") await expectAttached(through);
  });
});
