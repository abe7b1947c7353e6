import type { ToolDescriptor } from "op-tools";
import { type Client, clients } from "../../clients/client.ts";
import { renderSnippet } from "../../clients/render-snippet.ts";
import { findServerCommand, type ServerCommand } from "../../clients/server-command.ts";
import { resolveDirectories } from "../../config/directories.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { packageFacts } from "../../package.ts";
import type { DoctorCheck } from "../cli-system.ts";
import type { CommandContext, RunCommand } from "../command.ts";
import { checkSelf } from "../doctor/local-checks.ts";
import { selfCheck } from "../doctor/run-checks.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Screen } from "../screen.ts";
import type { ServedAt } from "../http-server.ts";
import { printHttpSnippets, printServedAt } from "../serve/print-connections.ts";
import { withSystem } from "../with-system.ts";

/** The clients whose snippets are shown; `op-mcp init` knows more. */
const shown = new Set(["claude-desktop", "claude-code", "cursor", "vscode", "codex"]);

/** What is found out before anything is served. */
interface Found {
  readonly loaded: LoadedConfig;
  readonly check: DoctorCheck;
  readonly tools: readonly ToolDescriptor[];
  readonly command: ServerCommand;
}

/**
 * `op-mcp start`: checks the stdio server, shows what runs, which tools there are and how clients connect, and serves
 * MCP over HTTP until Ctrl-C.
 */
export const runStart: RunCommand = async (context) => {
  const { io, screen, signal, flags, serveHttp } = context;
  const found = await findOut(context);
  const { loaded, check } = found;
  if (!flags.has("json")) await printFound(context, found);
  if (check.status !== "ok") {
    if (flags.has("json")) printJson(context, found);
    io.stderr.write(screen.block(`op-mcp: the stdio server does not work: ${check.detail}\n`));
    return exitCodes.failed;
  }
  return await serveHttp({
    loaded,
    io,
    signal,
    onServing: async (where) => {
      if (flags.has("json")) printJson(context, found, where);
      else await printServed(context, where);
    },
  });
};

async function findOut(context: CommandContext): Promise<Found> {
  const { io, signal } = context;
  const loaded = await context.loadConfig();
  const check = checkSelf(await selfCheck(context));
  const tools = await withSystem(context, (system) => system.findTools({}, { signal }));
  const { entry } = packageFacts();
  const command = findServerCommand({ env: io.env, execPath: process.execPath, entry });
  return { loaded, check, tools, command };
}

function printJson({ screen }: CommandContext, found: Found, where?: ServedAt): void {
  const { loaded, check, tools, command } = found;
  screen.json({
    version: packageFacts().version,
    check,
    files: loaded.files,
    tools: tools.map((tool) => tool.name),
    command,
    ...(where === undefined
      ? {}
      : { urls: where.urls, endpoint: where.endpoint, tokenFile: where.localToken?.path }),
  });
}

async function printFound(context: CommandContext, found: Found): Promise<void> {
  const { screen } = context;
  const { version } = packageFacts();
  screen.line(`${screen.paint(`op-mcp ${version}`, "bold")} on Node ${process.versions.node}\n`);
  printFacts(context, found.loaded, found.check.detail);
  printTools(screen, found.tools);
  await printSnippets(context, found.command);
}

async function printServed(context: CommandContext, where: ServedAt): Promise<void> {
  const { screen } = context;
  screen.line(
    `\n${screen.paint("Or connect to what is served now, as long as this runs", "bold")}`,
  );
  printServedAt(context, where);
  await printHttpSnippets(context, where, shown);
  screen.line(
    `\n${screen.paint("Ctrl-C ends it; op-mcp serve starts it without the checks.", "dim")}`,
  );
}

function printFacts({ io, screen }: CommandContext, loaded: LoadedConfig, server: string): void {
  const { cache, state } = resolveDirectories(loaded.config.paths, io.env);
  const files = loaded.files.map(({ file }) => file).join(", ") || "none; everything is built in";
  const facts = [
    ["Server", server],
    ["Configuration", files],
    ["State", state],
    ["Cache", cache],
  ] as const;
  for (const [name, value] of facts) {
    screen.line(`  ${screen.paint(name.padEnd(14), "dim")}${screen.text(value)}`);
  }
}

function printTools(screen: Screen, tools: readonly ToolDescriptor[]): void {
  screen.line(`\n${screen.paint(`Tools (${tools.length})`, "bold")}`);
  const bySource = Map.groupBy(tools, (tool) => tool.source);
  for (const [source, own] of bySource) {
    const names = own.slice(0, 12).map((tool) => tool.name);
    const more = own.length > names.length ? `, and ${own.length - names.length} more` : "";
    screen.line(
      `  ${screen.paint(screen.text(source), "cyan")}: ${screen.text(names.join(", "))}${more}`,
    );
  }
}

async function printSnippets(
  { io, screen }: CommandContext,
  command: ServerCommand,
): Promise<void> {
  screen.line(`\n${screen.paint("Connect a client", "bold")}`);
  screen.line("Run the command, or put the snippet into the file yourself.");
  for (const client of clients.filter(({ id }) => shown.has(id))) {
    screen.line(`\n${screen.paint(client.title, "cyan")}  ${initCommand(client, command)}`);
    screen.line(screen.paint(screen.text(client.userFile(io.env)), "dim"));
    screen.line((await renderSnippet(client, command)).trimEnd());
  }
}

/** How to call `init` in the way op-mcp itself was started: from a checkout, from a project, or installed. */
function initCommand({ id }: Client, { command, args }: ServerCommand): string {
  const entry = args.find((argument) => argument.endsWith("op-mcp.cjs"));
  if (entry === undefined) return [command, ...args, "init", id].join(" ");
  return `${entry.includes("/node_modules/") ? "npx" : "pnpm"} op-mcp init ${id}`;
}
