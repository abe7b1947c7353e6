import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { abortable, startDeadline, type Clock } from "op-core";
import type { PromptSource, ResourceSource, ToolSource } from "op-tools";
import { PluginError } from "./plugin-error.ts";

interface PluginSources {
  readonly openToolSource: ToolSource;
  readonly openResourceSource: ResourceSource;
  readonly openPromptSource: PromptSource;
}

type ExportName = keyof PluginSources;

/** What a plugin module exports, at least one of them: functions that make a source, once, when it is first needed. */
export type PluginExports = {
  readonly [Name in ExportName]?: () => PluginSources[Name] | Promise<PluginSources[Name]>;
};

const exportNames: readonly ExportName[] = [
  "openToolSource",
  "openResourceSource",
  "openPromptSource",
];

function isPlugin(module: object): module is PluginExports {
  const values = new Map<string, unknown>(Object.entries(module));
  const exported = exportNames.filter((name) => values.has(name));
  return exported.length > 0 && exported.every((name) => typeof values.get(name) === "function");
}

async function importPlugin(path: string): Promise<PluginExports> {
  let module: object;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new PluginError(path, error instanceof Error ? error.message : "it does not load", error);
  }
  if (isPlugin(module)) return module;
  const names = "neither openToolSource nor openResourceSource nor openPromptSource";
  throw new PluginError(path, `it exports ${names} as a function`);
}

/** How long a list, a read or a prompt waits for a module that is not there yet; the module goes on loading. */
const mostMs = 5000;

/** One of the sources of a module, which is imported when the source is first used, not when op-mcp starts. */
export class PluginPart<Name extends ExportName> implements AsyncDisposable {
  /** The module's path, absolute. */
  readonly path: string;
  /** The name of its file. */
  readonly name: string;
  readonly #exportName: Name;
  readonly #isOpen = Promise.withResolvers<void>();
  #opening: Promise<PluginSources[Name] | undefined> | undefined;
  #opened: PluginSources[Name] | undefined;
  #isDisposed = false;

  constructor(path: string, exportName: Name) {
    this.path = resolve(path);
    this.name = basename(path, extname(path));
    this.#exportName = exportName;
  }

  /** The source, where it was used already. */
  get opened(): PluginSources[Name] | undefined {
    return this.#opened;
  }

  /** The source as soon as it is there; nothing where the signal aborts before that. */
  async whenOpen(signal: AbortSignal): Promise<PluginSources[Name] | undefined> {
    try {
      await abortable(this.#isOpen.promise, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
    return this.#opened;
  }

  /** The source; nothing where the module exports only others. Rejects with `ERR_PLUGIN`. */
  open(): Promise<PluginSources[Name] | undefined> {
    this.#opening ??= this.#openAnew();
    return this.#opening;
  }

  /** The source as {@link open} has it, for those who would wait together with all other plugins: five seconds at most. */
  async openInTime(clock: Clock, signal: AbortSignal): Promise<PluginSources[Name] | undefined> {
    const what = `Loading the plugin ${this.name}`;
    using deadline = startDeadline({ what, ms: mostMs, clock, signal });
    return await abortable(this.open(), deadline.signal);
  }

  /** Does not wait for a module that is still loading, which may take forever: it is disposed once it is there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.[Symbol.asyncDispose]();
  }

  async #openAnew(): Promise<PluginSources[Name] | undefined> {
    try {
      const module = await importPlugin(this.path);
      const source = await module[this.#exportName]?.();
      if (this.#isDisposed) {
        await source?.[Symbol.asyncDispose]();
        throw new PluginError(this.path, "it was closed while it was loading");
      }
      this.#opened = source;
      if (source !== undefined) this.#isOpen.resolve();
      return source;
    } catch (error) {
      // A module that failed is tried again at the next use, so that a mended one needs no restart.
      this.#opening = undefined;
      throw error;
    }
  }
}
