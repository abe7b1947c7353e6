import { escapeControls } from "../text/escape-controls.ts";

const colours = { debug: 90, info: 32, warn: 33, error: 31 } as const;

/** A JSON log line as a person likes to read it: time, level, message, then the fields. */
export function formatPretty(line: string, { hasColour }: { hasColour: boolean }): string {
  const record: Record<string, unknown> = JSON.parse(line);
  const { time, level, msg, pid: _pid, ...fields } = record;
  const paint = (text: string, code: number): string =>
    hasColour ? `\u001B[${code}m${text}\u001B[0m` : text;
  const parts = [
    paint(formatTime(time), 90),
    paint(String(level).toUpperCase().padEnd(5), colourOf(level)),
    escapeControls(String(msg)),
    ...Object.entries(fields).map(
      ([key, value]) => `${paint(`${escapeControls(key)}=`, 90)}${formatValue(value)}`,
    ),
  ];
  return `${parts.join(" ")}\n`;
}

function formatTime(time: unknown): string {
  return typeof time === "string" ? time.slice(11, 23) : "";
}

function colourOf(level: unknown): number {
  return Object.entries(colours).find(([name]) => name === level)?.[1] ?? 0;
}

function formatValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isPlain = /^[^\s"=]+$/.test(text);
  return escapeControls(isPlain || typeof value !== "string" ? text : JSON.stringify(text));
}
