import { resolve } from "node:path";
import { type Client, findClient } from "../../clients/client.ts";
import { ClientUnknownError } from "../../clients/client-error.ts";
import {
  type InstallOutcome,
  installEntry,
  uninstallEntry,
  type UninstallOutcome,
} from "../../clients/install-entry.ts";
import { defaultServerName, renderSnippet, toEntry } from "../../clients/render-snippet.ts";
import { findServerCommand, type ServerCommand } from "../../clients/server-command.ts";
import { packageFacts } from "../../package.ts";
import { UsageError } from "../cli-error.ts";
import type { CommandContext, RunCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

type Outcome = InstallOutcome | UninstallOutcome;

const said: Readonly<Record<Outcome["kind"], (client: Client, file: string) => readonly string[]>> =
  {
    "already-there": ({ title }, file) => [`${title} is configured already: ${file}`],
    created: ({ next }, file) => [`Wrote ${file}`, next],
    changed: ({ next }, file) => [`Added op-mcp to ${file}`, next],
    "not-there": ({ title }, file) => [`${title} has no such entry: ${file}`],
    restored: (_client, file) => [`Restored ${file} as it was.`],
    deleted: (_client, file) => [`Deleted ${file}, which held nothing else.`],
    removed: (_client, file) => [`Took op-mcp out of ${file}; everything else stays.`],
  };

/** `op-mcp init CLIENT`: adds op-mcp to a client's configuration file, shows what it would add, or takes it out. */
export const runInit: RunCommand = async (context) => {
  const { flags, screen } = context;
  const client = knownClient(context.positionals[0] ?? "");
  const file = fileOf(client, context);
  const name = readName(flags.text("name"));
  const command = serverCommand(context);
  if (flags.has("print")) {
    printSnippet(context, {
      client: client.id,
      file,
      snippet: await renderSnippet(client, command, name),
    });
    return exitCodes.ok;
  }
  const outcome = flags.has("undo")
    ? await uninstallEntry({ client, file, name })
    : await installEntry({
        client,
        file,
        name,
        entry: toEntry(client, command),
        isForced: flags.has("force"),
        nowMs: Date.now(),
      });
  if (flags.has("json")) screen.json({ client: client.id, ...outcome });
  else for (const line of describe(client, outcome)) screen.line(screen.text(line));
  return exitCodes.ok;
};

function printSnippet(
  { flags, screen }: CommandContext,
  shown: { readonly client: string; readonly file: string; readonly snippet: string },
): void {
  if (flags.has("json")) {
    screen.json(shown);
    return;
  }
  screen.line(screen.paint(`# ${screen.text(shown.file)}`, "dim"));
  screen.line(shown.snippet.trimEnd());
}

function describe(client: Client, outcome: Outcome): readonly string[] {
  const lines = said[outcome.kind](client, outcome.file);
  return outcome.kind === "changed" ? [...lines, `The old file is ${outcome.backup}`] : lines;
}

function knownClient(name: string): Client {
  const client = findClient(name);
  if (client !== undefined) return client;
  throw new ClientUnknownError(`op-mcp does not know the client ${JSON.stringify(name)}.`);
}

function fileOf(client: Client, { flags, io }: CommandContext): string {
  if (!flags.has("project")) return client.userFile(io.env);
  if (client.projectFile !== undefined) return resolve(io.cwd, client.projectFile);
  throw new ClientUnknownError(`${client.title} has no configuration file in a project.`, {
    advice: "Leave out --project.",
  });
}

function readName(name: string | undefined): string {
  const chosen = name ?? defaultServerName;
  if (/^[A-Za-z0-9_-]{1,48}$/.test(chosen)) return chosen;
  throw new UsageError(`--name cannot be ${JSON.stringify(chosen)}.`, {
    advice: "Use up to 48 letters, digits, - and _.",
  });
}

function serverCommand({ io, flags }: CommandContext): ServerCommand {
  const { entry } = packageFacts();
  const command = findServerCommand({ env: io.env, execPath: process.execPath, entry });
  const env = Object.fromEntries(flags.all("env").map(readVariable));
  return Object.keys(env).length === 0 ? command : { ...command, env };
}

function readVariable(assignment: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(assignment) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`--env cannot be ${JSON.stringify(assignment)}.`, {
    advice: "Write it as --env KEY=VALUE.",
  });
}
