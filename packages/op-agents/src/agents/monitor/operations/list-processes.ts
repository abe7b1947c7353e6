import type { JsonObject } from "op-core";
import { totalmem } from "node:os";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { choiceField, flagField, integerField, textField } from "../../operation/field.ts";
import {
  boolean,
  integer,
  listSchema,
  number,
  objectSchema,
  string,
} from "../../operation/output-schema.ts";
import { measureProcesses, type MeasuredProcess } from "../../processes/measure-processes.ts";
import { toTree, type TreeRow } from "../../processes/process-tree.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { MonitorSetting } from "../monitor-setting.ts";
import { round } from "../readings/read-memory.ts";

const sort = choiceField("sort", "What comes first.", ["cpu", "memory", "age", "pid"]);
const limit = integerField("limit", "How many processes at most.", {
  least: 1,
  most: 1000,
  fallback: 25,
});
const name = textField("name", "Only processes with this in their command.", {
  fallback: undefined,
  longest: 200,
});
const isTree = flagField(
  "tree",
  "Whether children are told below their parents, with their depth.",
);

/** Lists processes. */
export const listProcesses: AgentOperation<MonitorSetting> = {
  name: "list_processes",
  description:
    "Lists the machine's processes: what uses processors or memory most, or as a tree. What looks like a password in a command is left out.",
  risk: "read",
  isIdempotent: true,
  fields: [sort, limit, name, isTree],
  outputSchema: objectSchema({
    processes: listSchema(
      objectSchema(
        {
          pid: integer,
          parent: integer,
          depth: integer,
          name: string,
          command: string,
          state: string,
          threads: integer,
          cpuPercent: number,
          cpuSeconds: number,
          memoryBytes: integer,
          memoryPercent: number,
          ageSeconds: integer,
        },
        ["depth"],
      ),
    ),
    total: integer,
    isComplete: boolean,
  }),
  run: async (input, _setting, { signal }) => {
    const all = await measureProcesses(signal);
    const wanted = name.read(input)?.toLowerCase();
    const order = sort.read(input);
    const sorted = all.toSorted((left, right) => keyOf(right, order) - keyOf(left, order));
    const rows: readonly TreeRow[] = isTree.read(input) ? toTree(sorted) : sorted;
    const found = rows.filter(
      (row) => wanted === undefined || row.command.toLowerCase().includes(wanted),
    );
    const shown = found.slice(0, limit.read(input));
    return {
      processes: shown.map(describe),
      total: found.length,
      isComplete: shown.length === found.length,
    };
  },
};

function keyOf(row: MeasuredProcess, order: ReturnType<typeof sort.read>): number {
  if (order === "cpu") return row.cpuPercent;
  if (order === "memory") return row.residentKb;
  return order === "age" ? row.elapsedSeconds : -row.pid;
}

function describe(row: TreeRow): JsonObject {
  const memoryBytes = row.residentKb * 1024;
  return {
    pid: row.pid,
    parent: row.ppid,
    ...(row.depth === undefined ? {} : { depth: row.depth }),
    name: cleanText(row.name),
    command: cleanText(row.command),
    state: row.state,
    threads: row.threads,
    cpuPercent: row.cpuPercent,
    cpuSeconds: round(row.cpuSeconds),
    memoryBytes,
    memoryPercent: round((100 * memoryBytes) / totalmem()),
    ageSeconds: Math.floor(row.elapsedSeconds),
  };
}
