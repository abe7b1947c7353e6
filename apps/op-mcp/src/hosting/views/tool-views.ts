import type { Clock, Logger, Tracer } from "op-core";
import { createMcpServer, type McpHost, type McpServer } from "op-protocol";
import type { McpView } from "op-protocol/http";
import { createToolView, metaToolNames, type Toolbox } from "op-tools";
import type { DisclosureConfig } from "op-tools/config";
import type { Policy } from "../../policy/policy.ts";
import { createAuthorizedTools } from "./authorized-tools.ts";
import { overrideTools } from "./overridden-tools.ts";
import type { ProfileConfig, ToolOverride } from "./override-config.ts";

/** What views are made of. */
export interface ToolViewsOptions {
  /** How the server introduces itself, and what it offers besides tools. */
  readonly host: McpHost;
  readonly toolbox: Pick<Toolbox, "registry" | "call">;
  /** What is shown at `/mcp`. */
  readonly disclosure: DisclosureConfig;
  /** What is shown at `/mcp/NAME`. */
  readonly profiles: Readonly<Record<string, ProfileConfig>>;
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
}

class LazyToolViews implements ToolViews {
  readonly #options: ToolViewsOptions;
  readonly #stack = new AsyncDisposableStack();
  readonly #opened = new Map<string, McpView>();
  readonly main: McpServer;

  constructor(options: ToolViewsOptions) {
    this.#options = options;
    this.main = this.#open("", options.disclosure).server;
  }

  find(name: string): McpView | undefined {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const disclosure = this.#disclosureOf(name);
    return disclosure === undefined ? undefined : this.#open(name, disclosure);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }

  #disclosureOf(name: string): Shown | undefined {
    const { disclosure, profiles } = this.#options;
    if (name === "search" || name === "direct") return { ...disclosure, mode: name };
    return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  }

  #open(name: string, { overrides = [], ...disclosure }: Shown): McpView {
    const { host, toolbox, policy, clock, logger, tracer, key } = this.#options;
    const more = {
      ...(tracer === undefined ? {} : { tracer }),
      ...(key === undefined ? {} : { key }),
    };
    const tools = this.#stack.use(
      createToolView({
        catalogue: toolbox.registry,
        call: (tool, args, context) => toolbox.call(tool, args, context),
        metaTools: metaToolNames,
        ...disclosure,
      }),
    );
    // The policy knows tools by the names they have everywhere.
    const authorized = createAuthorizedTools({ view: tools, policy });
    const shown = overrideTools(tools, overrides);
    const toolsFor: typeof authorized =
      overrides.length === 0
        ? authorized
        : (principal) => overrideTools(authorized(principal), overrides);
    const server = this.#stack.use(
      createMcpServer({ host: { ...host, tools: shown, toolsFor }, clock, logger, ...more }),
    );
    const view = { name, server };
    this.#opened.set(name, view);
    return view;
  }
}

/** Makes the views of `/mcp`, `/mcp/search`, `/mcp/direct` and of every profile. */
export function createToolViews(options: ToolViewsOptions): ToolViews {
  return new LazyToolViews(options);
}
