import { isJsonObject } from "op-core";
import { escapeControls, escapeControlsInBlock } from "../text/escape-controls.ts";

const colours = { debug: 90, info: 32, warn: 33, error: 31 } as const;

/**
 * A JSON log line as a person likes to read it: time, level, message, then the fields. An error is its message; where one
 * comes from is shown below the line, unless its code says enough: ours do, and those of the operating system.
 */
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
  const origins = Object.values(fields).map(formatOrigin);
  return `${parts.join(" ")}\n${origins.join("")}`;
}

function formatTime(time: unknown): string {
  return typeof time === "string" ? time.slice(11, 23) : "";
}

function colourOf(level: unknown): number {
  return Object.entries(colours).find(([name]) => name === level)?.[1] ?? 0;
}

function formatValue(value: unknown): string {
  if (isError(value)) return formatValue(value["message"]);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isPlain = /^[^\s"=]+$/.test(text);
  return escapeControls(isPlain || typeof value !== "string" ? text : JSON.stringify(text));
}

function formatOrigin(value: unknown): string {
  if (!isError(value) || /^(?:ERR_|E[A-Z0-9]+$)/.test(String(value["code"]))) return "";
  const [, ...frames] = String(value["stack"]).split(/\n(?= +at )/);
  return frames.map((frame) => `${escapeControlsInBlock(frame)}\n`).join("");
}

/** Whether a field is an error, as `redact` writes errors down. */
function isError(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value) && typeof value["message"] === "string" && "stack" in value;
}
