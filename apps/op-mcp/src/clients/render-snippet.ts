import type { JsonObject } from "op-core";
import type { Client } from "./client.ts";
import { toHttpEntry, type HttpServer } from "./http-server.ts";
import { loadServerDocument } from "./server-document.ts";
import type { ServerCommand } from "./server-command.ts";

/** The entry's name in a client's configuration unless the user chooses another. */
export const defaultServerName = "op-mcp";

/** What a client's configuration says of op-mcp. */
export function toEntry(client: Client, { command, args, env }: ServerCommand): JsonObject {
  const hasEnv = env !== undefined && Object.keys(env).length > 0;
  return { ...client.extra, command, args: [...args], ...(hasEnv ? { env: { ...env } } : {}) };
}

/** The text to paste into the client's configuration file. */
export async function renderSnippet(
  client: Client,
  command: ServerCommand,
  name: string = defaultServerName,
): Promise<string> {
  return await render(client, name, toEntry(client, command));
}

/** The text to paste where the client is to connect to a server that runs already. */
export async function renderHttpSnippet(
  client: Client,
  server: HttpServer,
  name: string = defaultServerName,
): Promise<string> {
  return await render(client, name, toHttpEntry(client.http, server));
}

async function render(client: Client, name: string, entry: JsonObject): Promise<string> {
  const document = await loadServerDocument(client.format);
  return document.add("", { container: client.container, name }, entry);
}
