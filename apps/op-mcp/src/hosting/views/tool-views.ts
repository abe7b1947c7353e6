import { isDeepStrictEqual } from "node:util";
import type { Clock, Logger, Tracer } from "op-core";
import { createMcpServer, type McpHost, type McpServer } from "op-protocol";
import type { McpView } from "op-protocol/http";
import { createToolView, metaToolNames, type Toolbox } from "op-tools";
import type { DisclosureConfig } from "op-tools/config";
import type { Policy } from "../../policy/policy.ts";
import { createAuthorizedTools } from "./authorized-tools.ts";
import { overrideTools } from "./overridden-tools.ts";
import type { ProfileConfig, ToolOverride } from "./override-config.ts";
import { ProfileTools, type ShownTools } from "./profile-tools.ts";

type Profiles = Readonly<Record<string, ProfileConfig>>;

/** What views are made of. */
export interface ToolViewsOptions {
  /** How the server introduces itself, and what it offers besides tools. */
  readonly host: McpHost;
  readonly toolbox: Pick<Toolbox, "registry" | "call">;
  /** What is shown at `/mcp`. */
  readonly disclosure: DisclosureConfig;
  /** What is shown at `/mcp/NAME`. */
  readonly profiles: Profiles;
  readonly policy: () => Policy;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes each request visible in its trace. */
  readonly tracer?: Tracer | undefined;
  /** Seals what clients keep for the server; random unless told. */
  readonly key?: Uint8Array;
}

type Shown = DisclosureConfig & { readonly overrides?: readonly ToolOverride[] };

/** The views of one set of tools, each with a server of its own, made when it is first asked for. */
export interface ToolViews extends AsyncDisposable {
  readonly main: McpServer;
  /** The view of that name, the last word of its URL; the main one has none. */
  find(name: string): McpView | undefined;
  /**
   * Puts other profiles in place. Who is connected to one that changed is told that its tools did; to one that is gone, is
   * disconnected as soon as nothing is in flight.
   */
  replaceProfiles(profiles: Profiles): void;
}

interface Opened {
  readonly view: McpView;
  readonly tools: ProfileTools;
}

async function close({ view, tools }: Opened): Promise<void> {
  await view.server[Symbol.asyncDispose]();
  tools[Symbol.dispose]();
}

class LazyToolViews implements ToolViews {
  readonly #options: ToolViewsOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #leaving = new Set<Opened>();
  #profiles: Profiles;
  readonly main: McpServer;

  constructor(options: ToolViewsOptions) {
    this.#options = options;
    this.#profiles = options.profiles;
    this.main = this.#open("", options.disclosure).server;
  }

  find(name: string): McpView | undefined {
    const disclosure = this.#disclosureOf(name);
    if (disclosure === undefined) return undefined;
    return this.#opened.get(name)?.view ?? this.#open(name, disclosure);
  }

  replaceProfiles(profiles: Profiles): void {
    const before = this.#profiles;
    this.#profiles = profiles;
    for (const name of new Set([...Object.keys(before), ...Object.keys(profiles)])) {
      const next = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
      if (isDeepStrictEqual(before[name], next)) continue;
      const opened = this.#opened.get(name);
      opened?.tools.show(next === undefined ? undefined : this.#show(next));
      if (opened !== undefined && next === undefined) void this.#end(name, opened);
      const what = next === undefined ? "is gone" : "is new, or another one";
      this.#options.logger.info(`a profile ${what}`, { profile: name });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#opened.values(), ...this.#leaving];
    await Promise.all(all.map(close));
  }

  /** A profile of that name that comes later is another one, with another server. */
  async #end(name: string, opened: Opened): Promise<void> {
    this.#opened.delete(name);
    this.#leaving.add(opened);
    await opened.view.server.drain();
    await close(opened);
    this.#leaving.delete(opened);
  }

  #disclosureOf(name: string): Shown | undefined {
    const { disclosure } = this.#options;
    if (name === "") return disclosure;
    if (name === "search" || name === "direct") return { ...disclosure, mode: name };
    return Object.hasOwn(this.#profiles, name) ? this.#profiles[name] : undefined;
  }

  #show({ overrides = [], ...disclosure }: Shown): ShownTools {
    const { toolbox, policy } = this.#options;
    const tools = createToolView({
      catalogue: toolbox.registry,
      call: (tool, args, context) => toolbox.call(tool, args, context),
      metaTools: metaToolNames,
      ...disclosure,
    });
    // The policy knows tools by the names they have everywhere.
    const authorized = createAuthorizedTools({ view: tools, policy });
    return {
      tools: overrideTools(tools, overrides),
      toolsFor:
        overrides.length === 0
          ? authorized
          : (principal) => overrideTools(authorized(principal), overrides),
      [Symbol.dispose]: () => tools[Symbol.dispose](),
    };
  }

  #open(name: string, disclosure: Shown): McpView {
    const { host, clock, logger, tracer, key } = this.#options;
    const more = {
      ...(tracer === undefined ? {} : { tracer }),
      ...(key === undefined ? {} : { key }),
    };
    const profile = new ProfileTools(this.#show(disclosure));
    const { tools, toolsFor } = profile;
    const server = createMcpServer({ host: { ...host, tools, toolsFor }, clock, logger, ...more });
    const view = { name, server };
    this.#opened.set(name, { view, tools: profile });
    return view;
  }
}

/** Makes the views of `/mcp`, `/mcp/search`, `/mcp/direct` and of every profile. */
export function createToolViews(options: ToolViewsOptions): ToolViews {
  return new LazyToolViews(options);
}
