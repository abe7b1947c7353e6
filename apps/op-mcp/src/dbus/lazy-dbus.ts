import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { abortable, sleep } from "op-core";
import type { DBusSource } from "op-dbus/tools";
import type {
  Completion,
  CompletionRequest,
  ReadOptions,
  ResourceContents,
  ResourceDescriptor,
  ResourceSource,
  ResourceSourceChange,
  ResourceTemplateDescriptor,
  SourceOptions,
  Tool,
  ToolDescriptor,
  ToolSource,
  ToolSourceChange,
} from "op-tools";
import { packageFacts } from "../package.ts";
import type { OpenDBusOptions } from "./open-dbus.ts";

/** The buses of one machine, whose code is loaded when something of them is used. */
export interface LazyDBus {
  readonly name: string;
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
  /** Resolves when every bus of the machine answers. */
  check(options: SourceOptions): Promise<void>;
}

/** Opens all machines at once, when the first of them is used. */
class SharedDBus {
  readonly #options: OpenDBusOptions;
  readonly #isUsed = Promise.withResolvers<void>();
  #opening: Promise<readonly DBusSource[]> | undefined;

  constructor(options: OpenDBusOptions) {
    this.#options = options;
  }

  async sourceOf(name: string): Promise<DBusSource> {
    this.#opening ??= import("./open-dbus.ts").then(({ openDBus }) => openDBus(this.#options));
    this.#isUsed.resolve();
    const source = (await this.#opening).find((each) => each.name === name);
    if (source === undefined) throw new TypeError(`no source is named ${name}`);
    return source;
  }

  /** Resolves when something of a machine is used. */
  get isUsed(): Promise<void> {
    return this.#isUsed.promise;
  }

  /** The source, if something used it already. */
  async opened(name: string): Promise<DBusSource | undefined> {
    return (await this.#opening)?.find((each) => each.name === name);
  }
}

/** The resources of a machine: nothing has been read before something was used, and so nothing changes. */
class LazyResourceSource implements ResourceSource {
  readonly name: string;
  readonly #shared: SharedDBus;
  readonly #buses: ReadonlySet<string>;

  constructor(name: string, shared: SharedDBus, buses: readonly string[]) {
    this.name = name;
    this.#shared = shared;
    this.#buses = new Set(buses);
  }

  async *list(options: SourceOptions): AsyncGenerator<ResourceDescriptor> {
    const opened = await this.#shared.opened(this.name);
    if (opened !== undefined) yield* opened.resources.list(options);
  }

  async *templates(options: SourceOptions): AsyncGenerator<ResourceTemplateDescriptor> {
    yield* (await this.#resources()).templates?.(options) ?? [];
  }

  owns(uri: string): boolean {
    const [, bus = ""] = /^dbus:\/\/([^/]+)\//.exec(uri) ?? [];
    return this.#buses.has(bus);
  }

  async read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]> {
    return await (await this.#resources()).read(uri, options);
  }

  async follow(uri: string, options: ReadOptions): Promise<void> {
    await (await this.#resources()).follow?.(uri, options);
  }

  async complete(request: CompletionRequest, options: ReadOptions): Promise<Completion> {
    return (await (await this.#resources()).complete?.(request, options)) ?? { values: [] };
  }

  async *changes(options: SourceOptions): AsyncGenerator<ResourceSourceChange> {
    try {
      await abortable(this.#shared.isUsed, options.signal);
    } catch (error) {
      if (options.signal.aborted) return;
      throw error;
    }
    yield* (await this.#resources()).changes?.(options) ?? [];
  }

  /** The tools of the same machine end both. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #resources(): Promise<ResourceSource> {
    return (await this.#shared.sourceOf(this.name)).resources;
  }
}

class LazyToolSource implements ToolSource {
  readonly name: string;
  readonly #shared: SharedDBus;
  readonly #options: OpenDBusOptions;

  constructor(name: string, shared: SharedDBus, options: OpenDBusOptions) {
    this.name = name;
    this.#shared = shared;
    this.#options = options;
  }

  async *list(options: SourceOptions): AsyncGenerator<ToolDescriptor> {
    yield* (await this.#tools()).list(options);
  }

  async load(name: string, options: SourceOptions): Promise<Tool> {
    return (await this.#tools()).load(name, options);
  }

  /** The services are followed after a while, so that a start does not load what speaks with them. */
  async *changes({ signal }: SourceOptions): AsyncGenerator<ToolSourceChange> {
    const { clock, config } = this.#options;
    try {
      await sleep(Math.max(config.followAfterMs, 1000), { clock, signal });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    yield* (await this.#tools()).changes?.({ signal }) ?? [];
  }

  /** What the list was made of in an earlier run lies on the disk: an unchanged one is not even asked for. */
  async fingerprint(options: SourceOptions): Promise<string> {
    const stamp = (await this.#stamp()) ?? (await this.#stampAnew(options));
    const { config, systemBusAddress, sessionBusAddress } = this.#options;
    const { version } = packageFacts();
    const basis = JSON.stringify([version, config, systemBusAddress, sessionBusAddress]);
    return hash("sha256", `${basis}\n${stamp}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#shared.opened(this.name))?.[Symbol.asyncDispose]();
  }

  async #tools(): Promise<ToolSource> {
    return (await this.#shared.sourceOf(this.name)).tools;
  }

  async #stampAnew(options: SourceOptions): Promise<string> {
    const made = await (await this.#tools()).fingerprint?.(options);
    return (await this.#stamp()) ?? made ?? "";
  }

  async #stamp(): Promise<string | undefined> {
    try {
      return await readFile(
        join(this.#options.cacheDirectory, "dbus", `${this.name}.stamp`),
        "utf8",
      );
    } catch {
      // It was never made, or cannot be read: then the list is made anew.
      return undefined;
    }
  }
}

/** Makes what every configured machine offers. Nothing of it is loaded or connected to before it is used. */
export function createLazyDBus(options: OpenDBusOptions): readonly LazyDBus[] {
  const shared = new SharedDBus(options);
  return machinesOf(options).map(({ name, buses }) => ({
    name,
    tools: new LazyToolSource(name, shared, options),
    resources: new LazyResourceSource(name, shared, buses),
    check: async (how) => (await shared.sourceOf(name)).check(how),
  }));
}

interface Machine {
  readonly name: string;
  readonly buses: readonly string[];
}

function isThere(configured: string, found: string | undefined): boolean {
  return configured === "auto" ? found !== undefined : configured !== "none";
}

/** As op-dbus names the machines and their buses. */
function machinesOf(options: OpenDBusOptions): readonly Machine[] {
  const { systemBusAddress, sessionBusAddress } = options;
  const { system, session, hosts } = options.config;
  const local = [
    ...(isThere(system, systemBusAddress) ? ["system"] : []),
    ...(isThere(session, sessionBusAddress) ? ["session"] : []),
  ];
  return [
    ...(local.length === 0 ? [] : [{ name: "dbus", buses: local }]),
    ...hosts.map(({ name }) => ({ name: `dbus-${name}`, buses: [name] })),
  ];
}
