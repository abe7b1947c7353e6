import type { CommandContext, RunCommand } from "../command.ts";
import type { ServedAt } from "../http-server.ts";
import { printHttpSnippets, printServedAt } from "../serve/print-connections.ts";

/** The clients whose snippets are shown. */
const shown = new Set(["claude-code", "cursor", "vscode", "codex"]);

/** `op-mcp serve`: serves MCP over the network until a signal says to leave. */
export const runServe: RunCommand = async (context) => {
  const { io, signal, serveHttp } = context;
  const loaded = await context.loadConfig();
  return await serveHttp({
    loaded,
    io,
    signal,
    onServing: (where) => show(context, where),
  });
};

/** A service's output is its log; a person wants to know how to connect. */
async function show(context: CommandContext, where: ServedAt): Promise<void> {
  const { io, screen, flags } = context;
  if (flags.has("json")) {
    const { urls, endpoint, localToken } = where;
    screen.json({ urls, endpoint, tokenFile: localToken?.path });
    return;
  }
  if (io.stdout.isTTY !== true) return;
  screen.line(screen.paint("Serving MCP", "bold"));
  printServedAt(context, where);
  await printHttpSnippets(context, where, shown);
  screen.line(`\n${screen.paint("Ctrl-C ends it.", "dim")}`);
}
