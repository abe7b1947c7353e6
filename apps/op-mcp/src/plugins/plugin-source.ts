import { promises } from "node:fs";
import {
  ToolNotFoundError,
  withSource,
  type SourceOptions,
  type Tool,
  type ToolDescriptor,
  type ToolSource,
} from "op-tools";
import { PluginError } from "./plugin-error.ts";
import { PluginPart } from "./plugin-part.ts";

/** The tools of a module, which is imported when they are first listed or called. */
class PluginSource implements ToolSource {
  readonly #part: PluginPart<"openToolSource">;

  constructor(path: string) {
    this.#part = new PluginPart(path, "openToolSource");
  }

  get name(): string {
    return this.#part.name;
  }

  async *list(options: SourceOptions): AsyncGenerator<ToolDescriptor> {
    const source = await this.#part.open();
    if (source === undefined) return;
    for await (const descriptor of source.list(options)) yield { ...descriptor, source: this.name };
  }

  async load(name: string, options: SourceOptions): Promise<Tool> {
    const source = await this.#part.open();
    if (source === undefined) throw new ToolNotFoundError(name);
    return withSource(await source.load(name, options), this.name);
  }

  /** The file as it lies there: an unchanged plugin is not even imported to be listed. */
  async fingerprint(): Promise<string> {
    const { path } = this.#part;
    try {
      const { mtimeMs, size, ino } = await promises.stat(path);
      return `${path}:${mtimeMs}:${size}:${ino}`;
    } catch (error) {
      throw new PluginError(path, "the file cannot be read", error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#part[Symbol.asyncDispose]();
  }
}

/** The tools of an ES module, named after its file. */
export function createPluginSource(path: string): ToolSource {
  return new PluginSource(path);
}
