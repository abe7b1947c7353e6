import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { UpstreamsConfig, UpstreamSettings } from "op-aggregator/config";
import type { Clock, Logger } from "op-core";
import type { SpawnPort } from "op-protocol/client";
import type { PromptSource, ResourceSource, Toolbox, ToolSource } from "op-tools";
import type { Directories } from "../config/directories.ts";
import type { Environment } from "../config/environment.ts";
import { packageFacts } from "../package.ts";
import { ShellSet } from "./shell-set.ts";
import { ShellTools } from "./shell-tools.ts";
import { ShellsPrompts } from "./shells-prompts.ts";
import { ShellsResources } from "./shells-resources.ts";
import { findUpstreamProblem } from "./upstream-problem.ts";
import { UpstreamShell, type ShellStatus } from "./upstream-shell.ts";

/** What the servers behind op-mcp are made of. */
export interface UpstreamsOptions {
  readonly config: UpstreamsConfig;
  readonly env: Environment;
  readonly directories: Directories;
  /** Starts the servers that are programs. */
  readonly spawner: SpawnPort;
  /** Whether those that are to be warm are. */
  readonly isServing: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A server that cannot be used as it is configured, and why. */
export interface UnusableUpstream {
  readonly name: string;
  readonly problem: string;
}

/** The servers behind op-mcp. Nothing of them is loaded or started before it is used. */
export interface Upstreams extends AsyncDisposable {
  /** For the toolbox, which disposes them. */
  readonly tools: readonly ToolSource[];
  readonly resources: ResourceSource;
  readonly prompts: PromptSource;
  readonly shells: ShellSet;
  readonly unusable: readonly UnusableUpstream[];
  /** Whether a source of tools is one of these servers. */
  has(source: string): boolean;
  status(): readonly ShellStatus[];
  /** Puts another configuration in place. Servers whose configuration is the same notice nothing. */
  apply(
    config: UpstreamsConfig,
    toolbox: Pick<Toolbox, "addSource" | "removeSource">,
  ): Promise<void>;
}

/** How long after the start what is to be warm is connected: the first requests go before it. */
const headStartMs = 500;

type Servers = Readonly<Record<string, UpstreamSettings>>;

class ConfiguredUpstreams implements Upstreams {
  readonly shells = new ShellSet();
  readonly tools: readonly ToolSource[];
  readonly resources: ResourceSource;
  readonly prompts: PromptSource;
  readonly #options: UpstreamsOptions;
  #config: UpstreamsConfig;
  readonly #warming: Disposable;
  readonly #startedAtMs: number;
  #unusable: readonly UnusableUpstream[] = [];
  /** What others may know of the servers, from the first one that is used on. */
  #record: Promise<Disposable> | undefined;
  #isClosed = false;
  #applying: Promise<void> = Promise.resolve();

  constructor(options: UpstreamsOptions) {
    const { config, clock, logger } = options;
    this.#options = options;
    this.#config = config;
    this.#startedAtMs = clock.now();
    for (const [name, settings] of this.#usable(config.servers))
      this.shells.add(this.#createShell(name, settings));
    this.tools = this.shells.all.map((shell) => new ShellTools(shell));
    this.resources = new ShellsResources(this.shells, logger);
    this.prompts = new ShellsPrompts(this.shells, logger);
    const warming = clock.startTimer(headStartMs, () => this.#warm());
    warming.unref();
    this.#warming = warming;
  }

  get unusable(): readonly UnusableUpstream[] {
    return this.#unusable;
  }

  has(source: string): boolean {
    return this.shells.get(source) !== undefined;
  }

  status(): readonly ShellStatus[] {
    return this.shells.all.map(({ status }) => status);
  }

  apply(
    config: UpstreamsConfig,
    toolbox: Pick<Toolbox, "addSource" | "removeSource">,
  ): Promise<void> {
    this.#config = config;
    this.#applying = this.#applying.then(() => this.#apply(config.servers, toolbox));
    return this.#applying;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#warming[Symbol.dispose]();
    await this.#applying;
    (await this.#record)?.[Symbol.dispose]();
    await Promise.all(this.shells.all.map((shell) => shell[Symbol.asyncDispose]()));
  }

  async #keepRecord(): Promise<Disposable> {
    const { directories, clock, logger } = this.#options;
    const { keepRecord } = await import("../records/keep-record.ts");
    const { upstreamsRecordDirectory, viewUpstream } = await import("./upstream-record.ts");
    return keepRecord({
      directory: upstreamsRecordDirectory(directories),
      describe: async () => ({ upstreams: await Promise.all(this.shells.all.map(viewUpstream)) }),
      startedAtMs: this.#startedAtMs,
      clock,
      logger,
    });
  }

  async #apply(
    servers: Servers,
    toolbox: Pick<Toolbox, "addSource" | "removeSource">,
  ): Promise<void> {
    const { logger } = this.#options;
    const wanted = new Map(this.#usable(servers));
    for (const { name } of this.shells.all) {
      if (wanted.has(name)) continue;
      this.shells.remove(name);
      await toolbox.removeSource(name);
      logger.info("a server is not used any more", { upstream: name });
    }
    for (const [name, settings] of wanted) {
      const shell = this.shells.get(name);
      if (shell === undefined) {
        const created = this.#createShell(name, settings);
        this.shells.add(created);
        toolbox.addSource(new ShellTools(created));
        logger.info("a server is new", { upstream: name });
      } else if (!isDeepStrictEqual(shell.settings, settings)) {
        shell.swap(settings);
        logger.info("a server is configured in another way", { upstream: name });
      }
    }
    this.#warm();
  }

  #usable(servers: Servers): readonly (readonly [string, UpstreamSettings])[] {
    const enabled = Object.entries(servers).filter(([, { isEnabled }]) => isEnabled !== false);
    const problems = new Map(enabled.map(([name]) => [name, findUpstreamProblem(name, servers)]));
    this.#unusable = [...problems].flatMap(([name, problem]) =>
      problem === undefined ? [] : [{ name, problem }],
    );
    for (const { name, problem } of this.#unusable)
      this.#options.logger.warn("a server cannot be used", { upstream: name, problem });
    return enabled.filter(([name]) => problems.get(name) === undefined);
  }

  #createShell(name: string, settings: UpstreamSettings): UpstreamShell {
    const { env, directories, spawner, isServing, clock, logger } = this.#options;
    const { version } = packageFacts();
    return new UpstreamShell({
      name,
      settings,
      version,
      cacheDirectory: directories.cache,
      pinsPath: join(directories.state, "upstreams", "pins", `${encodeURIComponent(name)}.json`),
      clock,
      logger,
      open: async (wanted, { known, onChild, signal }) => {
        const { openUpstream } = await import("./open-upstream.ts");
        if (isServing && !this.#isClosed) this.#record ??= this.#keepRecord();
        return await openUpstream({
          name,
          settings: wanted,
          version,
          env,
          stateDirectory: join(directories.state, "upstreams"),
          keyPlaces: () => this.#config,
          known,
          spawner: {
            spawn: async (spec, how) => {
              const child = await spawner.spawn(spec, how);
              onChild(child);
              return child;
            },
          },
          isWarm: isServing,
          clock,
          logger,
          signal,
        });
      },
    });
  }

  /** What is warm connects as soon as its code is loaded. That it fails is in its status. */
  #warm(): void {
    if (!this.#options.isServing) return;
    for (const shell of this.shells.all)
      if (shell.settings.warm === true) shell.use(() => Promise.resolve()).catch(() => undefined);
  }
}

/** Makes the servers behind op-mcp. */
export function createUpstreams(options: UpstreamsOptions): Upstreams {
  return new ConfiguredUpstreams(options);
}
