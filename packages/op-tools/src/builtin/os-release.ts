import { readFile } from "node:fs/promises";

const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/u;

/** Where os-release(5) says it is; the second serves where /etc has none. */
const paths = ["/etc/os-release", "/usr/lib/os-release"];

/** Reads the assignments of an os-release(5) file. Lines that are none are ignored. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = assignment.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, unquote(value));
  }
  return values;
}

/** The machine's os-release; empty where it has none. */
export async function readOsRelease(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  for (const path of paths) {
    const text = await readFile(path, { encoding: "utf8", signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (text !== undefined) return parseOsRelease(text);
  }
  return new Map();
}

/** A value may be quoted as in a shell, where a backslash keeps the next character from having a meaning. */
function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/u.exec(value);
  return (quoted?.[2] ?? value).replaceAll(/\\(.)/gu, "$1");
}
