import { clients, type Client } from "../../clients/client.ts";
import { renderHttpSnippet } from "../../clients/render-snippet.ts";
import type { CommandContext } from "../command.ts";
import type { ServedAt } from "../http-server.ts";

/** Prints where MCP is served, and what it takes to enter. */
export function printServedAt({ screen }: CommandContext, where: ServedAt): void {
  const { urls, endpoint, localToken } = where;
  const others = urls.filter((url) => endpoint === undefined || !endpoint.startsWith(url));
  const facts = [
    ...(endpoint === undefined ? [] : [["URL", endpoint] as const]),
    ...others.map((url) => ["Also", url] as const),
    ...(localToken === undefined ? [] : [["Token", `in ${localToken.path}`] as const]),
  ];
  for (const [name, value] of facts) {
    screen.line(`  ${screen.paint(name.padEnd(14), "dim")}${screen.text(value)}`);
  }
}

/** Prints what each client takes into its configuration, with the token, to connect to what is served. */
export async function printHttpSnippets(
  { io, screen }: CommandContext,
  { endpoint, localToken }: ServedAt,
  ids: ReadonlySet<string>,
): Promise<void> {
  if (endpoint === undefined) return;
  const server = { url: endpoint, token: localToken?.text };
  for (const client of clients.filter(({ id }) => ids.has(id))) {
    const snippet = await renderHttpSnippet(client, server);
    screen.line(`\n${screen.paint(titleOf(client), "cyan")}`);
    screen.line(screen.paint(screen.text(client.userFile(io.env)), "dim"));
    screen.line(snippet.trimEnd());
  }
}

function titleOf({ title }: Client): string {
  return `${title}, over HTTP`;
}
