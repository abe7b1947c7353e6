import { totalmem } from "node:os";
import type { CheckedCommand } from "./check-command.ts";
import { plainText } from "../text/output-text.ts";
import { readProcesses, type ProcessRow } from "../processes/read-processes.ts";
import { refusal } from "./refusal.ts";

type Value = (row: ProcessRow) => string | number;

const cpu: Value = ({ cpuSeconds, elapsedSeconds }) =>
  ((100 * cpuSeconds) / Math.max(elapsedSeconds, 0.01)).toFixed(1);
const memory: Value = ({ residentKb }) => ((residentKb * 102_400) / totalmem()).toFixed(1);
const command: Value = (row) => row.command;

/** What can be shown. Users are missing: a sandbox does not know those of the machine. */
const columns: Readonly<Record<string, Value>> = {
  pid: ({ pid }) => pid,
  ppid: ({ ppid }) => ppid,
  "%cpu": cpu,
  pcpu: cpu,
  "%mem": memory,
  pmem: memory,
  vsz: ({ virtualKb }) => virtualKb,
  rss: ({ residentKb }) => residentKb,
  stat: ({ state }) => state,
  state: ({ state }) => state,
  s: ({ state }) => state,
  nlwp: ({ threads }) => threads,
  time: ({ cpuSeconds }) => toClock(cpuSeconds),
  etime: ({ elapsedSeconds }) => toClock(elapsedSeconds),
  etimes: ({ elapsedSeconds }) => Math.floor(elapsedSeconds),
  comm: ({ name }) => name,
  args: command,
  cmd: command,
  command,
};

/** Lists the processes of the machine, as `ps` would. */
export function listProcesses({ options }: CheckedCommand): string {
  const isFull = options.some((option) => /^-[a-zA-Z]*f/u.test(option));
  const isLong = options.some((option) => /^a[uxf]/u.test(option));
  const fallback = isLong
    ? "pid,%cpu,%mem,vsz,rss,stat,time,command"
    : `pid,${isFull ? "ppid,%cpu,etime,time,cmd" : "time,comm"}`;
  const shown = (valueOf(options, ["-o", "--format"]) ?? fallback).split(",");
  const rows = sortRows(selectRows(readProcesses(), options), valueOf(options, ["--sort"]));
  const lines = rows.map((row) => shown.map((column) => String(findColumn(column)(row))));
  const header = options.includes("--no-headers")
    ? []
    : [shown.map((column) => column.toUpperCase())];
  return plainText(layOut([...header, ...lines]));
}

function findColumn(name: string): Value {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column !== undefined) return column;
  throw refusal(
    `ps ${name}`,
    "there is no such column",
    `There are: ${Object.keys(columns).join(", ")}.`,
  );
}

function selectRows(
  rows: readonly ProcessRow[],
  options: readonly string[],
): readonly ProcessRow[] {
  const pids = valueOf(options, ["-p", "-q", "--pid"])?.split(",");
  const parents = valueOf(options, ["--ppid"])?.split(",");
  const name = valueOf(options, ["-C"]);
  return rows.filter(
    (row) =>
      pids?.includes(String(row.pid)) !== false &&
      parents?.includes(String(row.ppid)) !== false &&
      (name === undefined || row.name === name),
  );
}

function sortRows(rows: readonly ProcessRow[], order: string | undefined): readonly ProcessRow[] {
  if (order === undefined) return rows;
  const keys = order.split(",").map((key) => ({
    value: findColumn(key.replace(/^[+-]/u, "")),
    sign: key.startsWith("-") ? -1 : 1,
  }));
  return rows.toSorted((left, right) => {
    for (const { value, sign } of keys) {
      const difference = compare(value(left), value(right)) * sign;
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function compare(left: string | number, right: string | number): number {
  const difference = Number(left) - Number(right);
  return Number.isNaN(difference) ? String(left).localeCompare(String(right)) : difference;
}

/** The value of the last of these options, attached or behind it. */
function valueOf(options: readonly string[], names: readonly string[]): string | undefined {
  const values = options.flatMap((option, at) => {
    const name = names.find((each) => option === each || isAttached(option, each));
    if (name === undefined) return [];
    return option === name ? (options[at + 1] ?? []) : option.slice(name.length).replace(/^=/u, "");
  });
  // In a cluster such as -eo the last letter has the value.
  const cluster = options.findIndex(
    (option) => /^-[a-zA-Z]{2,}$/u.test(option) && names.includes(`-${option.at(-1) ?? ""}`),
  );
  return cluster === -1 ? values.at(-1) : options[cluster + 1];
}

function isAttached(option: string, name: string): boolean {
  return name.startsWith("--")
    ? option.startsWith(`${name}=`)
    : /^-[a-zA-Z][^a-zA-Z]/u.test(option) && option.startsWith(name);
}

function layOut(table: readonly (readonly string[])[]): string {
  const [first = []] = table;
  const widths = first.map((_, at) => Math.max(...table.map((cells) => cells[at]?.length ?? 0)));
  return table
    .map((cells) =>
      cells
        .map((cell, at) => (at === cells.length - 1 ? cell : cell.padStart(widths[at] ?? 0)))
        .join(" "),
    )
    .join("\n")
    .concat("\n");
}

function toClock(seconds: number): string {
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}
