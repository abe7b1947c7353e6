import { importUpstreams, type ClientFormat } from "op-aggregator/import";
import type { UpstreamSettings } from "op-aggregator/config";
import { readText } from "../../../clients/replace-file.ts";
import { loadServerDocument } from "../../../clients/server-document.ts";
import { findUpstreamProblem } from "../../../upstreams/upstream-problem.ts";
import { InputUnreadableError } from "../../cli-error.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { clientFile, clientPlace, findKnownClient } from "../../upstreams/client-formats.ts";
import type { ClientPlace } from "../../upstreams/client-placeholders.ts";
import { isOpMcp, toSettings } from "../../upstreams/client-servers.ts";
import { writeConfigured } from "../../upstreams/configured-upstream.ts";
import { ownConfigFile } from "../../own-config-file.ts";

/** What becomes of a client's servers. */
interface Plan {
  readonly added: Readonly<Record<string, UpstreamSettings>>;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** What a person has to look at of those that were added. */
  readonly notes: readonly { readonly name: string; readonly note: string }[];
}

/** `op-mcp upstreams import CLIENT`: takes over the servers of another client's configuration. */
export const runUpstreamsImport: RunCommand = async (context) => {
  const { flags, screen } = context;
  const known = findKnownClient(context);
  const from = clientFile(context, known);
  const text = readText(from);
  if (text === undefined)
    throw new InputUnreadableError(`There is no file ${from}.`, { advice: "Name it with --file." });
  const document = await loadServerDocument(known.client.format);
  const file = document.parse(text);
  const imported = importUpstreams(known.format, file);
  const loaded = await context.loadConfig();
  const { added, skipped, notes } = plan(imported, loaded.config.upstreams.servers, {
    format: known.format,
    place: clientPlace(context, known, file),
    isForced: flags.has("force"),
  });
  const own = ownConfigFile(context, loaded);
  if (!flags.has("print"))
    for (const [name, settings] of Object.entries(added))
      await writeConfigured(own, name, settings);
  if (flags.has("json")) screen.json({ from, file: own, added, skipped, notes });
  else if (flags.has("print")) screen.json({ upstreams: { servers: added } });
  else {
    const names = Object.keys(added).map((name) => screen.text(name));
    screen.line(names.length === 0 ? "Nothing was added." : `Added: ${names.join(", ")}.`);
    for (const { name, note } of notes)
      screen.line(screen.paint(`${screen.text(name)}: ${screen.text(note)}.`, "yellow"));
    for (const { name, reason } of skipped)
      screen.line(
        screen.paint(`Left out: ${screen.text(name)}, ${screen.text(reason)}.`, "yellow"),
      );
  }
  return exitCodes.ok;
};

function plan(
  { upstreams, skipped }: ReturnType<typeof importUpstreams>,
  present: Readonly<Record<string, UpstreamSettings>>,
  {
    format,
    place,
    isForced,
  }: {
    readonly format: ClientFormat;
    readonly place: ClientPlace;
    readonly isForced: boolean;
  },
): Plan {
  const added: Record<string, UpstreamSettings> = {};
  const left = [...skipped];
  const notes: Plan["notes"][number][] = [];
  for (const upstream of upstreams) {
    const { name } = upstream.config;
    const { settings, notes: found } = toSettings(upstream, format, place);
    const isTaken = Object.hasOwn(present, name) && !isForced;
    const reason = isOpMcp(settings)
      ? "which is op-mcp itself"
      : isTaken
        ? "whose name is taken; --force replaces it"
        : findUpstreamProblem(name, { ...present, ...added, [name]: settings });
    if (reason !== undefined) {
      left.push({ name, reason });
      continue;
    }
    added[name] = settings;
    notes.push(...found.map((note) => ({ name, note })));
  }
  return { added, skipped: left, notes };
}
