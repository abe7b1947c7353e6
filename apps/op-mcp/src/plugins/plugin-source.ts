import { promises } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  withSource,
  type SourceOptions,
  type Tool,
  type ToolDescriptor,
  type ToolSource,
} from "op-tools";
import { PluginError } from "./plugin-error.ts";

/** What a plugin module exports: makes its source, once, when it is first needed. */
export type OpenToolSource = () => ToolSource | Promise<ToolSource>;

function isOpenToolSource(value: unknown): value is OpenToolSource {
  return typeof value === "function";
}

async function importOpener(path: string): Promise<OpenToolSource> {
  let module: unknown;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new PluginError(path, error instanceof Error ? error.message : "it does not load", error);
  }
  const open =
    typeof module === "object" && module !== null && "openToolSource" in module
      ? module.openToolSource
      : undefined;
  if (!isOpenToolSource(open)) throw new PluginError(path, "it does not export openToolSource");
  return open;
}

/** A source whose module is imported when its tools are first listed or called, not when op-mcp starts. */
class PluginSource implements ToolSource {
  readonly name: string;
  readonly #path: string;
  #opening: Promise<ToolSource> | undefined;
  #opened: ToolSource | undefined;
  #isDisposed = false;

  constructor(path: string) {
    this.#path = resolve(path);
    this.name = basename(path, extname(path));
  }

  async *list(options: SourceOptions): AsyncGenerator<ToolDescriptor> {
    const source = await this.#open();
    for await (const descriptor of source.list(options)) yield { ...descriptor, source: this.name };
  }

  async load(name: string, options: SourceOptions): Promise<Tool> {
    const source = await this.#open();
    return withSource(await source.load(name, options), this.name);
  }

  /** The file as it lies there: an unchanged plugin is not even imported to be listed. */
  async fingerprint(): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await promises.stat(this.#path);
      return `${this.#path}:${mtimeMs}:${size}:${ino}`;
    } catch (error) {
      throw new PluginError(this.#path, "the file cannot be read", error);
    }
  }

  /** Does not wait for a module that is still loading, which may take forever: it is disposed once it is there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.[Symbol.asyncDispose]();
  }

  #open(): Promise<ToolSource> {
    this.#opening ??= this.#openAnew();
    return this.#opening;
  }

  async #openAnew(): Promise<ToolSource> {
    try {
      const open = await importOpener(this.#path);
      const source = await open();
      if (this.#isDisposed) {
        await source[Symbol.asyncDispose]();
        throw new PluginError(this.#path, "it was closed while it was loading");
      }
      this.#opened = source;
      return source;
    } catch (error) {
      // A module that failed is tried again at the next use, so that a mended one needs no restart.
      this.#opening = undefined;
      throw error;
    }
  }
}

/** The tools of an ES module, named after its file. */
export function createPluginSource(path: string): ToolSource {
  return new PluginSource(path);
}
