import { canonicalJson, isJsonObject } from "op-core";
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ToolDescriptor } from "op-tools";
import type { Directories } from "../config/directories.ts";
import { toPlainJson } from "../config/to-plain-json.ts";
import { PinsUnreadableError } from "./guard-error.ts";

/** What a tool was when it was approved. */
export interface ToolPin {
  readonly digest: string;
  readonly description: string;
  readonly inputSchema: string;
}

/** Tools as they were when they were first called, or approved since. */
export interface ToolPins {
  get(name: string): ToolPin | undefined;
  /** Approves a tool as it is now. */
  approve(tool: ToolDescriptor): void;
  names(): readonly string[];
}

/** Where approved tools are kept. */
export function pinsPath({ state }: Directories): string {
  return join(state, "tool-pins.json");
}

/** The digest of what a model relies on: the tool's words and its schemas. */
export function digestTool({
  title,
  description,
  inputSchema,
  outputSchema,
  risk,
}: ToolDescriptor): string {
  const parts = [title ?? null, description, inputSchema, outputSchema ?? null, risk];
  return hash("sha256", canonicalJson(toPlainJson(parts)));
}

/** The tools of a file, which other processes may change: each question looks at it as it is. */
export function createToolPins(path: string): ToolPins {
  return {
    get: (name) => read(path).get(name),
    names: () => [...read(path).keys()].toSorted(),
    approve: (tool) => {
      const pins = new Map(read(path));
      pins.set(`${tool.source}/${tool.name}`, {
        digest: digestTool(tool),
        description: tool.description,
        inputSchema: JSON.stringify(tool.inputSchema),
      });
      write(path, pins);
    },
  };
}

function read(path: string): ReadonlyMap<string, ToolPin> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw new PinsUnreadableError(path, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    return new Map(Object.entries(isJsonObject(value) ? value : {}).flatMap(toPin));
  } catch (error) {
    throw new PinsUnreadableError(path, error);
  }
}

function toPin([name, value]: [string, unknown]): readonly (readonly [string, ToolPin])[] {
  if (!isJsonObject(value)) return [];
  const { digest, description, inputSchema } = value;
  const isPin =
    typeof digest === "string" &&
    typeof description === "string" &&
    typeof inputSchema === "string";
  return isPin ? [[name, { digest, description, inputSchema }]] : [];
}

/** Replaced as a whole, so that no reader sees half of it. */
function write(path: string, pins: ReadonlyMap<string, ToolPin>): void {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify(Object.fromEntries(pins), undefined, 2)}\n`, {
      mode: 0o600,
    });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new PinsUnreadableError(path, error);
  }
}
