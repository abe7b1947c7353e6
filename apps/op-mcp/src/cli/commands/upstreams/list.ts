import type { UpstreamSettings } from "op-aggregator/config";
import { resolveDirectories } from "../../../config/directories.ts";
import { readSavedUpstream } from "../../../upstreams/saved-upstream.ts";
import { findUpstreamProblem } from "../../../upstreams/upstream-problem.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Cell } from "../../format-table.ts";
import type { Look } from "../../screen.ts";
import { findRunningUpstreams, type RunningUpstream } from "../../upstreams/running-upstreams.ts";

/** A server as it is configured, and as those see it who run op-mcp. */
interface Row {
  readonly name: string;
  readonly state: "enabled" | "disabled" | "unusable";
  readonly place: string;
  readonly problem: string | undefined;
  readonly lastError: { readonly at: string; readonly message: string } | undefined;
  readonly running: readonly Pick<RunningUpstream, "pid" | "startedAt" | "state" | "memoryBytes">[];
}

/** `op-mcp upstreams list`: the servers that are configured. Nothing is started to list them. */
export const runUpstreamsList: RunCommand = async (context) => {
  const { config } = await context.loadConfig();
  const { servers } = config.upstreams;
  const { cache } = resolveDirectories(config.paths, context.io.env);
  const running = findRunningUpstreams(config.paths, context.io.env);
  const rows = await Promise.all(
    Object.entries(servers).map(async ([name, settings]): Promise<Row> => {
      const saved = await readSavedUpstream(cache, name);
      const problem = findUpstreamProblem(name, servers);
      const state = settings.isEnabled === false ? "disabled" : "enabled";
      const seen = running.filter((each) => each.name === name);
      const [lastError] = seen[0]?.errors ?? saved?.errors ?? [];
      return {
        name,
        state: problem === undefined ? state : "unusable",
        place: placeOf(settings),
        problem,
        lastError,
        running: seen.map(({ pid, startedAt, state: now, memoryBytes }) => ({
          pid,
          startedAt,
          state: now,
          ...(memoryBytes === undefined ? {} : { memoryBytes }),
        })),
      };
    }),
  );
  print(context, rows);
  return exitCodes.ok;
};

function print({ flags, screen }: CommandContext, rows: readonly Row[]): void {
  if (flags.has("json")) return screen.json(rows);
  if (rows.length === 0)
    return screen.line("No server is configured. `op-mcp upstreams add` adds one.");
  const table = rows.map(({ name, state, place, problem, lastError, running }): readonly Cell[] => [
    { text: name },
    { text: state, ...looks[state] },
    { text: running.map((each) => `${each.state} in ${each.pid}`).join(", ") },
    { text: place },
    { text: problem ?? (lastError === undefined ? "" : `${lastError.at}: ${lastError.message}`) },
  ]);
  screen.table(["NAME", "STATE", "RUNNING", "WHERE", "WHAT WENT WRONG LAST"], table);
  if (rows.every(({ running }) => running.length === 0))
    screen.line("No op-mcp that runs has used any of them.");
  return undefined;
}

const looks: Readonly<Record<Row["state"], { readonly look?: Look }>> = {
  enabled: {},
  disabled: { look: "dim" },
  unusable: { look: "red" },
};

/** Arguments may hold secrets, and URLs too, in their query. */
function placeOf({ command, url = "" }: UpstreamSettings): string {
  if (command !== undefined) return command;
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.origin}${parsed.pathname}`;
}
