import { join, resolve } from "node:path";
import type { ClientFormat } from "op-aggregator/import";
import { isJsonObject, type JsonObject } from "op-core";
import { clients, type Client } from "../../clients/client.ts";
import { upstreamClientIds } from "../../clients/client-ids.ts";
import { homeOf } from "../../config/directories.ts";
import { UsageError } from "../cli-error.ts";
import type { CommandContext } from "../command.ts";
import type { ClientPlace } from "./client-placeholders.ts";

/** A client whose servers are known, and the form it keeps them in. */
export interface KnownClient {
  readonly client: Client;
  readonly format: ClientFormat;
}

const formats: Readonly<Record<(typeof upstreamClientIds)[number], ClientFormat>> = {
  "claude-desktop": "claude-desktop",
  "claude-code": "mcp-json",
  cursor: "cursor",
  vscode: "vscode",
  codex: "codex",
  "gemini-cli": "gemini",
};

/** The client that the command line names. */
export function findKnownClient({ positionals: [id = ""] }: CommandContext): KnownClient {
  const known = upstreamClientIds.find((each) => each === id);
  const client = clients.find((each) => each.id === known);
  if (known === undefined || client === undefined)
    throw new UsageError(`There is no client named ${JSON.stringify(id)}.`);
  return { client, format: formats[known] };
}

/** The file in which the client keeps its servers: the one that was named, the project's, or the user's own. */
export function clientFile({ io, flags }: CommandContext, { client }: KnownClient): string {
  const named = flags.text("file");
  if (named !== undefined) return resolve(io.cwd, named);
  if (!flags.has("project")) return client.userFile(io.env);
  if (client.projectFile === undefined)
    throw new UsageError(`${client.title} has no file in projects.`);
  return join(io.cwd, client.projectFile);
}

/** The folder of the project whose file it is; nothing where it is the user's own. */
function projectFolder(context: CommandContext, known: KnownClient): string | undefined {
  const path = clientFile(context, known);
  const { projectFile, userFile } = known.client;
  const isProjects = projectFile !== undefined && path.endsWith(`/${projectFile}`);
  const isUsers = path === userFile(context.io.env) && !context.flags.has("project");
  return isProjects && !isUsers ? path.slice(0, -projectFile.length - 1) : undefined;
}

/** What the client would fill into the texts of this file. */
export function clientPlace(
  context: CommandContext,
  known: KnownClient,
  { inputs }: JsonObject,
): ClientPlace {
  return {
    home: homeOf(context.io.env),
    folder: projectFolder(context, known),
    inputs: Array.isArray(inputs) ? inputs.filter((input) => isJsonObject(input)) : [],
  };
}
