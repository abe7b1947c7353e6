import type { UpstreamSettings } from "op-aggregator/config";
import { resolveDirectories } from "../../../config/directories.ts";
import { readSavedUpstream } from "../../../upstreams/saved-upstream.ts";
import { findUpstreamProblem } from "../../../upstreams/upstream-problem.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp upstreams list`: the servers that are configured. Nothing is started to list them. */
export const runUpstreamsList: RunCommand = async ({ io, flags, screen, loadConfig }) => {
  const { config } = await loadConfig();
  const { servers } = config.upstreams;
  const { cache } = resolveDirectories(config.paths, io.env);
  const rows = await Promise.all(
    Object.entries(servers).map(async ([name, settings]) => {
      const saved = await readSavedUpstream(cache, name);
      const problem = findUpstreamProblem(name, servers);
      const state = settings.isEnabled === false ? "disabled" : "enabled";
      const [lastError] = saved?.errors ?? [];
      return {
        name,
        state: problem === undefined ? state : "unusable",
        place: placeOf(settings),
        problem,
        lastError,
      };
    }),
  );
  if (flags.has("json")) screen.json(rows);
  else if (rows.length === 0)
    screen.line("No server is configured. `op-mcp upstreams add` adds one.");
  else {
    const table = rows.map(({ name, state, place, problem, lastError }) => [
      { text: name },
      { text: state, ...(state === "unusable" ? { look: "red" as const } : {}) },
      { text: place },
      { text: problem ?? lastError?.message ?? "" },
    ]);
    screen.table(["NAME", "STATE", "WHERE", "WHAT WENT WRONG LAST"], table);
  }
  return exitCodes.ok;
};

/** Arguments may hold secrets, and URLs too, in their query. */
function placeOf({ command, url = "" }: UpstreamSettings): string {
  if (command !== undefined) return command;
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.origin}${parsed.pathname}`;
}
