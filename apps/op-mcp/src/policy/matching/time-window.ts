import type { TimeWindow } from "../policy-rule-config.ts";
import { certain, type Certainty } from "./certainty.ts";

const minuteMs = 60_000;
const dayMinutes = 24 * 60;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const grammar = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Whether a moment is inside a window. */
export type TimeTest = (atMs: number) => Certainty;

/** A window, ready to be looked at, or what is wrong with it. There is no test where it is always open. */
export type CompiledWindow = { readonly test?: TimeTest } | { readonly problem: string };

/** Prepares a window. Its hours are those on the wall in its time zone, also where clocks are turned. */
export function compileTimeWindow(window: TimeWindow, walls: Walls): CompiledWindow {
  const from = parseTime(window.from);
  const to = parseTime(window.to);
  if (from === undefined || from === dayMinutes) {
    return { problem: `whose \`from\`, ${JSON.stringify(window.from)}, is no time such as 08:30` };
  }
  if (to === undefined) {
    return { problem: `whose \`to\`, ${JSON.stringify(window.to)}, is no time such as 17:00` };
  }
  if (from === to) return { problem: "that begins when it ends, and so is never open" };
  const wallOf = walls(window.timezone);
  if (wallOf === undefined) {
    return { problem: `in the unknown time zone ${JSON.stringify(window.timezone)}` };
  }
  const begins = new Set(window.days.map((day) => days.indexOf(day)));
  if (begins.size === days.length && from === 0 && to === dayMinutes) return {};
  return { test: createTest({ from, to, begins }, wallOf) };
}

interface Opening {
  readonly from: number;
  readonly to: number;
  /** The days on which it begins; Monday is 0. */
  readonly begins: ReadonlySet<number>;
}

function createTest({ from, to, begins }: Opening, wallOf: WallOf): TimeTest {
  return (atMs) => {
    if (!Number.isFinite(atMs)) return "unknown";
    const { day, minute } = wallOf(atMs);
    if (from < to) return certain(begins.has(day) && minute >= from && minute < to);
    const yesterday = (day + days.length - 1) % days.length;
    return certain((begins.has(day) && minute >= from) || (begins.has(yesterday) && minute < to));
  };
}

function parseTime(text: string): number | undefined {
  const match = grammar.exec(text);
  if (match === null) return undefined;
  const [, hours, minutes] = match;
  return hours === undefined ? dayMinutes : Number(hours) * 60 + Number(minutes);
}

/** A day of the week and a minute of the day, as a clock on the wall has them. */
interface Wall {
  readonly day: number;
  readonly minute: number;
}

type WallOf = (atMs: number) => Wall;

/** Tells what clocks on the wall of a time zone say; nothing where there is no such zone. */
export type Walls = (timeZone: string) => WallOf | undefined;

/** Makes the walls of a policy, one for each time zone: making one takes a millisecond. */
export function createWalls(): Walls {
  const known = new Map<string, WallOf | undefined>();
  return (timeZone) => {
    if (!known.has(timeZone)) known.set(timeZone, createWall(timeZone));
    return known.get(timeZone);
  };
}

/** Formatting takes microseconds, so that the minute asked about last is kept. */
function createWall(timeZone: string): WallOf | undefined {
  const format = createFormat(timeZone);
  if (format === undefined) return undefined;
  let known: { readonly epochMinute: number; readonly wall: Wall } | undefined;
  return (atMs) => {
    const epochMinute = Math.floor(atMs / minuteMs);
    if (known?.epochMinute !== epochMinute) {
      known = { epochMinute, wall: readWall(format, epochMinute * minuteMs) };
    }
    return known.wall;
  };
}

function createFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readWall(format: Intl.DateTimeFormat, atMs: number): Wall {
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const weekday = parts.get("weekday")?.toLowerCase().slice(0, 3);
  return {
    day: days.findIndex((day) => day === weekday),
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}
