import { hash } from "node:crypto";
import {
  canonicalJson,
  createSingleFlight,
  isJsonObject,
  type Clock,
  type JsonObject,
  type Timer,
} from "op-core";
import { isModernRevision } from "op-protocol";
import {
  findHeaderProblem,
  listAll,
  UpstreamClosedError,
  type UpstreamClient,
} from "op-protocol/client";
import { diffDefinitions, type DefinitionChange } from "../pins/diff-definitions.ts";
import { definitionHash, type Definitions, type PinStore } from "../pins/pin-store.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { offerTool, type OfferedTool } from "./offer-tool.ts";
import { compileRules } from "./tool-rules.ts";

/** A tool that is not offered, and why. */
export interface HeldTool {
  readonly tool: string;
  readonly reason: string;
  /** What is different from the definition that was accepted. */
  readonly changes?: readonly DefinitionChange[];
}

/** What is known of an upstream's tools. */
export interface ToolListing {
  /** By the names they have here. */
  readonly offered: ReadonlyMap<string, OfferedTool>;
  /** By the names they have there. */
  readonly held: ReadonlyMap<string, HeldTool>;
  /** Every definition as it came. */
  readonly definitions: Definitions;
}

/** How long a list counts whose server says neither that it tells of changes nor for how long. */
const recheckMs = 30_000;
/** However short a server says that its list counts. */
const leastFreshMs = 1000;
const mostFreshMs = 86_400_000;

/**
 * The tools of one upstream: read once, and again when it says that they changed. Where it does not say such things, they
 * are read again when their time is over and something of them was used since.
 */
export class ToolList implements AsyncDisposable {
  readonly #upstream: Upstream;
  readonly #pins: PinStore;
  readonly #rules: ReturnType<typeof compileRules>;
  readonly #reading = createSingleFlight<"list", ToolListing>();
  #listing: ToolListing | undefined;
  #last: ToolListing | undefined;
  #digest: string | undefined;
  /** Counts how often the tools were forgotten: what was asked for before is not news after. */
  #generation = 0;
  #onChanged: () => void = () => undefined;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  /** Until then the list counts. */
  #freshUntilMs = Infinity;
  #recheckTimer: Timer | undefined;
  #rechecking: Promise<unknown> = Promise.resolve();

  constructor(upstream: Upstream, pins: PinStore, clock: Clock) {
    this.#upstream = upstream;
    this.#pins = pins;
    this.#clock = clock;
    this.#rules = compileRules(upstream.config.tools ?? []);
    // Another process may have other tools, whatever the last one had.
    upstream.onConnected(() => this.forget());
  }

  /** What was read last, also where it may have changed since. */
  get last(): ToolListing | undefined {
    return this.#last;
  }

  /** What was held back of it. */
  get held(): readonly HeldTool[] {
    return [...(this.#last?.held.values() ?? [])];
  }

  /** Has the listener called when the tools turn out to be others than they were. */
  onChanged(listener: () => void): void {
    this.#onChanged = listener;
  }

  /** The tools, read from the server where they are not known. */
  async read(signal: AbortSignal): Promise<ToolListing> {
    signal.throwIfAborted();
    return (
      this.#listing ??
      (await this.#upstream.run({ signal }, (client) => this.readFrom(client, signal)))
    );
  }

  /** The tools, where they are known, for who uses one of them. */
  use(): ToolListing | undefined {
    if (this.#freshUntilMs !== Infinity && this.#recheckTimer === undefined) this.#recheckLater();
    return this.#listing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new UpstreamClosedError(`${this.#upstream.name} is not used any more`));
    this.#recheckTimer?.[Symbol.dispose]();
    await this.#rechecking;
  }

  /** The tools, read over this connection where they are not known. */
  async readFrom(client: UpstreamClient, signal: AbortSignal): Promise<ToolListing> {
    return (
      this.#listing ??
      (await this.#reading.run("list", (shared) => this.#fetch(client, shared), { signal }))
    );
  }

  /** Forgets the tools: they are read again when somebody wants them. */
  forget(): void {
    this.#generation += 1;
    this.#listing = undefined;
  }

  /** Accepts tools as they are now; all that are held back because they changed unless told. */
  async accept(tool?: string): Promise<void> {
    const { name } = this.#upstream;
    const accepted = await this.#pins.read(name);
    const now = this.#last?.definitions ?? {};
    const chosen = Object.entries(now).filter(([one]) => tool === undefined || one === tool);
    await this.#pins.write(name, { ...accepted, ...Object.fromEntries(chosen) });
    this.forget();
  }

  /** Whether calls repeat some of their arguments in headers. */
  get #hasHeaders(): boolean {
    const { config, profile } = this.#upstream;
    return config.transport.kind === "http" && isModernRevision(profile?.revision ?? "");
  }

  /** Nobody is kept waiting for it, and no server is started for it: a new one is asked in any case. */
  #recheckLater(): void {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    // What it is used for may change them.
    const delayMs = Math.max(leastFreshMs, this.#freshUntilMs - this.#clock.monotonic());
    this.#recheckTimer = this.#clock.startTimer(delayMs, () => {
      this.#recheckTimer = undefined;
      if (!this.#upstream.health.isConnected) return;
      const again = this.#upstream.run({ signal }, (client) =>
        this.#reading.run("list", (shared) => this.#fetch(client, shared), { signal }),
      );
      // That it failed is in the upstream's status.
      this.#rechecking = again.catch(() => undefined);
    });
    this.#recheckTimer.unref();
  }

  async #fetch(client: UpstreamClient, signal: AbortSignal): Promise<ToolListing> {
    const { capabilities } = await client.connect({ signal });
    const generation = this.#generation;
    const { tools } = capabilities;
    const { raws, ttlMs } = isJsonObject(tools)
      ? await readTools(client, signal)
      : { raws: [], ttlMs: undefined };
    const isTold = !isJsonObject(tools) || tools["listChanged"] === true;
    this.#freshUntilMs = isTold ? Infinity : this.#clock.monotonic() + freshMs(ttlMs);
    const accepted = await this.#pins.read(this.#upstream.name);
    const listing = this.#judge(raws, accepted);
    const fresh = Object.entries(listing.definitions).filter(([tool]) => !listing.held.has(tool));
    const next = { ...accepted, ...Object.fromEntries(fresh) };
    if (canonicalJson(next) !== canonicalJson(accepted))
      await this.#pins.write(this.#upstream.name, next);
    this.#last = listing;
    if (generation === this.#generation) this.#listing = listing;
    this.#tellChange(listing);
    return listing;
  }

  #tellChange({ offered }: ToolListing): void {
    const digest = hash("sha256", JSON.stringify([...offered]));
    const isChanged = this.#digest !== undefined && this.#digest !== digest;
    this.#digest = digest;
    if (isChanged) this.#onChanged();
  }

  #judge(raws: readonly JsonObject[], accepted: Definitions): ToolListing {
    const offered = new Map<string, OfferedTool>();
    const held = new Map<string, HeldTool>();
    const definitions: Record<string, JsonObject> = {};
    for (const raw of raws) {
      const tool = typeof raw["name"] === "string" ? raw["name"] : "";
      const ruled = this.#rules(tool);
      if (ruled.isHidden) continue;
      const known = Object.hasOwn(accepted, tool) ? accepted[tool] : undefined;
      const offer = offerTool(raw, ruled, this.#upstream.config);
      const problem = this.#problemOf(offer, { raw, known, offered });
      if (problem !== undefined) held.set(tool, { tool, ...problem });
      else if (typeof offer !== "string") offered.set(offer.descriptor.name, offer);
      if (typeof offer !== "string") definitions[tool] = raw;
    }
    return { offered, held, definitions };
  }

  #problemOf(
    offer: OfferedTool | string,
    seen: {
      readonly raw: JsonObject;
      readonly known: JsonObject | undefined;
      readonly offered: ReadonlyMap<string, OfferedTool>;
    },
  ): Omit<HeldTool, "tool"> | undefined {
    if (typeof offer === "string") return { reason: offer };
    const { raw, known, offered } = seen;
    if (offered.has(offer.descriptor.name))
      return { reason: `another tool is called ${offer.descriptor.name} too` };
    const headerProblem = this.#hasHeaders ? findHeaderProblem(offer.inputSchema) : undefined;
    if (headerProblem !== undefined) return { reason: headerProblem };
    const isChanged = known !== undefined && definitionHash(known) !== definitionHash(raw);
    if (!isChanged || this.#upstream.config.changed === "accept") return undefined;
    return {
      reason: "its definition is not the one that was accepted",
      changes: diffDefinitions(known, raw),
    };
  }
}

/** Every tool of a server, and for how long it says that they count. */
async function readTools(
  client: UpstreamClient,
  signal: AbortSignal,
): Promise<{ readonly raws: readonly JsonObject[]; readonly ttlMs: unknown }> {
  let ttlMs: unknown;
  const pages: Pick<UpstreamClient, "request"> = {
    request: async (...request) => {
      const page = await client.request(...request);
      ttlMs ??= page["ttlMs"];
      return page;
    },
  };
  const raws = await Array.fromAsync(listAll(pages, "tools/list", { signal }));
  return { raws, ttlMs };
}

function freshMs(ttlMs: unknown): number {
  if (typeof ttlMs !== "number" || !(ttlMs > 0)) return recheckMs;
  return Math.min(Math.max(ttlMs, leastFreshMs), mostFreshMs);
}
