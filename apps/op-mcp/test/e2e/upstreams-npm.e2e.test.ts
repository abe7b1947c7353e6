import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { freePort } from "./free-port.ts";
import { Side } from "./side.ts";
import { installationWith, npmServer } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";
import type { Message } from "./wire.ts";

type Calls = readonly (readonly [string, Message])[];

const lists = [
  ["tools/list", "tools"],
  ["resources/list", "resources"],
  ["resources/templates/list", "resourceTemplates"],
  ["prompts/list", "prompts"],
] as const;

/** As text, less what op-mcp puts before names and URIs; some answers tell the time, which goes on between two. */
function write(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("up+", "")
    .replaceAll('"name":"up_', '"name":"')
    .replaceAll(/\d{1,2}:\d\d:\d\d/gu, "now");
}

function itemsOf(answer: unknown, list: string): readonly Message[] {
  const { result } = answer as { readonly result?: Record<string, readonly Message[]> };
  return result?.[list] ?? [];
}

/** What the server has of a list, each as text: its own order is none that clients rely on. */
async function textsOf(side: Side, [method, list]: (typeof lists)[number], isOurs: boolean) {
  const items = itemsOf(await side.ask(method), list);
  const shown = isOurs ? items.filter((item) => /"up[_+]/u.test(JSON.stringify(item))) : items;
  return shown.map(write).toSorted();
}

async function expectSame(direct: Side, through: Side, calls: Calls): Promise<void> {
  for (const list of lists) {
    const compared = async () => ({
      far: await textsOf(through, list, true),
      near: await textsOf(direct, list, false),
    });
    // What the server has settles when it knows what its client is able to do.
    await vi.waitFor(
      async () => {
        const { far, near } = await compared();
        expect(far, list[0]).toEqual(near);
      },
      { timeout: 20_000 },
    );
  }
  const same = async (method: string, near: Message, far: Message): Promise<void> => {
    const expected = write(await direct.ask(method, near));
    expect(write(await through.ask(method, far)), JSON.stringify(near)).toBe(expected);
  };
  for (const [name, args] of calls)
    await same("tools/call", { name, arguments: args }, { name: `up_${name}`, arguments: args });
  for (const { uri } of itemsOf(await direct.ask("resources/list"), "resources"))
    await same("resources/read", { uri }, { uri: `up+${String(uri)}` });
  for (const prompt of itemsOf(await direct.ask("prompts/list"), "prompts")) {
    const wanted = (prompt["arguments"] ?? []) as readonly { readonly name: string }[];
    const args = Object.fromEntries(wanted.map(({ name }) => [name, "1"]));
    const name = String(prompt["name"]);
    await same("prompts/get", { name, arguments: args }, { name: `up_${name}`, arguments: args });
  }
}

/** The same server asked directly and through the built binary. */
async function compare(
  program: ReturnType<typeof npmServer>,
  calls: Calls,
  upstream: object = program,
) {
  await using stack = new AsyncDisposableStack();
  const alone = stack.adopt(spawn(program.command, program.args, { stdio: "pipe" }), (child) => {
    child.kill();
  });
  const servers = { up: { ...upstream, prefix: "up" } };
  const installation = stack.use(await installationWith(servers));
  const [direct, through] = [
    new Side(alone, "handshake"),
    new Side(installation.spawn(), "handshake"),
  ];
  await Promise.all([direct.begin(), through.begin()]);
  await expectSame(direct, through, calls);
}

const everythingCalls: Calls = [
  ["echo", { message: "ünï" }],
  ["get-sum", { a: 1, b: 2 }],
  ["get-structured-content", { location: "New York" }],
  ["get-tiny-image", {}],
  ["get-resource-links", { count: 3 }],
  ["get-resource-reference", { resourceType: "Text", resourceId: 1 }],
  ["get-annotated-message", { messageType: "error", includeImage: true }],
];

describe("a server from npm is the same through op-mcp, byte for byte", () => {
  verifies("upstreams.lossless", "the one that shows everything, over stdio", async () => {
    await compare(npmServer("everything"), everythingCalls);
  });

  verifies("upstreams.lossless", "the one that shows everything, over HTTP", async () => {
    const port = await freePort();
    const { command, args } = npmServer("everything", "streamableHttp");
    const env = { ...process.env, PORT: String(port) };
    const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    try {
      for await (const chunk of child.stderr) if (String(chunk).includes(String(port))) break;
      const upstream = { url: `http://127.0.0.1:${port}/mcp` };
      await compare(npmServer("everything"), everythingCalls, upstream);
    } finally {
      child.kill();
    }
  });

  verifies("upstreams.lossless", "the one for files", async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "op-mcp-files-")));
    const path = join(folder, "a.txt");
    await writeFile(path, "a\nb\n");
    await compare(npmServer("filesystem", folder), [
      ["read_text_file", { path }],
      ["list_directory", { path: folder }],
      ["get_file_info", { path }],
      ["read_text_file", { path: "/etc/shadow" }],
    ]);
    await rm(folder, { recursive: true });
  });

  verifies("upstreams.lossless", "the one that remembers", async () => {
    await compare(npmServer("memory"), [
      ["read_graph", {}],
      ["search_nodes", { query: "nothing" }],
    ]);
  });

  verifies("upstreams.lossless", "the one that thinks", async () => {
    const thought = { thought: "one", thoughtNumber: 1, totalThoughts: 2, nextThoughtNeeded: true };
    await compare(npmServer("sequential-thinking"), [["sequentialthinking", thought]]);
  });
});
