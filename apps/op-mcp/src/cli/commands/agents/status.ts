import { setTimeout as wait } from "node:timers/promises";
import { agentsDirectory, isAgentsRecord } from "../../../agents/agents-record.ts";
import { resolveDirectories } from "../../../config/directories.ts";
import { readProcessRecords } from "../../../records/process-records.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Cell } from "../../format-table.ts";
import { openLiveView } from "../../live-view.ts";
import { Screen, type Look } from "../../screen.ts";

const everyMs = 1000;

/** `op-mcp agents status`: the agents of all servers that run; a table that is kept up on a terminal. */
export const runAgentsStatus: RunCommand = async (context) => {
  const { io, flags, signal, screen } = context;
  const { config } = await context.loadConfig();
  const directory = agentsDirectory(resolveDirectories(config.paths, io.env));
  const isLive = io.stdout.isTTY === true && !flags.has("once") && !flags.has("json");
  if (!isLive) {
    print(context, directory);
    return exitCodes.ok;
  }
  using view = openLiveView(io.stdout, (output) =>
    print({ flags, screen: new Screen(output, screen) }, directory),
  );
  while (!signal.aborted) {
    view.show();
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return exitCodes.interrupted;
};

function print(
  { flags, screen }: Pick<CommandContext, "flags" | "screen">,
  directory: string,
): void {
  const records = readProcessRecords(directory, isAgentsRecord);
  if (flags.has("json")) return screen.json(records);
  const rows = records.flatMap(({ pid, agents }) =>
    agents.map((each): readonly Cell[] => [
      { text: String(pid), look: "dim" },
      { text: each.agent, look: "cyan" },
      { text: each.state, look: lookOf(each.state) },
      { text: each.isolation },
      { text: String(each.tasksRunning) },
      { text: String(each.tasksDone) },
      { text: `${Math.round(each.memoryBytes / 1_048_576)} MB` },
      { text: `${(each.cpuMs / 1000).toFixed(1)} s` },
      { text: each.startedAt },
    ]),
  );
  screen.table(
    ["SERVER", "AGENT", "STATE", "ISOLATION", "TASKS", "DONE", "MEMORY", "CPU", "SINCE"],
    rows,
  );
  for (const { types } of records) {
    for (const { type, waiting, unavailable } of types) {
      if (waiting > 0) screen.line(`${waiting} tasks wait for ${screen.text(type)}`);
      if (unavailable !== undefined) screen.line(screen.paint(screen.text(unavailable), "red"));
    }
  }
  if (rows.length === 0) screen.line("No agent runs; they are started with their first task.");
  return undefined;
}

function lookOf(state: string): Look {
  return state === "running" ? "green" : "yellow";
}
