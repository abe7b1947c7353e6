import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { agentsDirectory, logFileOf } from "../../../agents/agents-record.ts";
import { resolveDirectories } from "../../../config/directories.ts";
import { readCount } from "../../audit/entry-filter.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

const everyMs = 250;

/** `op-mcp agents logs [AGENT] [--follow]`: what agents said, and what happened to them. */
export const runAgentsLogs: RunCommand = async (context) => {
  const { io, flags, positionals, signal } = context;
  const { config } = await context.loadConfig();
  const file = logFileOf(agentsDirectory(resolveDirectories(config.paths, io.env)));
  const count = readCount("lines", flags, 50);
  const [agent] = positionals;
  let position = 0;
  const read = (): readonly string[] => {
    const { lines, end } = readFrom(file, position);
    position = end;
    return agent === undefined ? lines : lines.filter((line) => isOf(line, agent));
  };
  for (const line of read().slice(-count)) print(context, line);
  if (!flags.has("follow")) return exitCodes.ok;
  while (!signal.aborted) {
    for (const line of read()) print(context, line);
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return exitCodes.interrupted;
};

/** The whole lines from a place on; a file that is smaller than that has been rotated. */
function readFrom(file: string, from: number): { lines: readonly string[]; end: number } {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return { lines: [], end: 0 };
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = size < from ? 0 : from;
    const bytes = Buffer.alloc(size - start);
    const text = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start)).toString();
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return { lines: whole.split("\n").slice(0, -1), end: start + Buffer.byteLength(whole) };
  } finally {
    closeSync(descriptor);
  }
}

interface LogLine {
  readonly at?: string;
  readonly agent?: string;
  readonly level?: string;
  readonly message?: string;
  readonly reason?: string;
}

function parse(line: string): LogLine {
  try {
    const parsed: LogLine = JSON.parse(line);
    return parsed;
  } catch {
    // A line that a crash cut off.
    return { message: line };
  }
}

function isOf(line: string, agent: string): boolean {
  return parse(line).agent === agent;
}

function print({ flags, screen }: CommandContext, line: string): void {
  if (flags.has("json")) return screen.line(screen.text(line));
  const { at = "", agent = "", level = "", message = "", reason } = parse(line);
  const said = reason === undefined ? message : `${message} ${reason}`;
  const look = level === "warn" || level === "error" ? "yellow" : "dim";
  return screen.line(
    `${screen.paint(screen.text(at), "dim")} ${screen.paint(screen.text(agent), "cyan")} ${screen.paint(screen.text(level), look)} ${screen.text(said)}`,
  );
}
