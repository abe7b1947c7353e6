import { hash } from "node:crypto";
import { canonicalJson, createSingleFlight, type Clock, type Timer } from "op-core";
import { isModernRevision } from "op-protocol";
import { UpstreamClosedError, type UpstreamClient } from "op-protocol/client";
import type { PinStore } from "../pins/pin-store.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { leastFreshMs, readTools, type ReadTools } from "./read-tools.ts";
import { judgeTools, mergeListings, type HeldTool, type ToolListing } from "./tool-listing.ts";
import { compileRules } from "./tool-rules.ts";

/** What one connection said that it has. */
interface Known {
  readonly listing: ToolListing;
  /** Whether everybody is shown it. */
  readonly isShown: boolean;
  readonly freshUntilMs: number;
  /** Whether it may be another one by now. */
  isStale: boolean;
  timer: Timer | undefined;
}

/**
 * The tools of one upstream: read once over each connection, and again when it says that they changed. Where it does not
 * say such things, they are read again when their time is over and something of them was used since. Who calls is held to
 * what their own connection has; everybody is shown what all of them have together.
 */
export class ToolList implements AsyncDisposable {
  readonly #upstream: Upstream;
  readonly #pins: PinStore;
  readonly #rules: ReturnType<typeof compileRules>;
  readonly #clock: Clock;
  readonly #reading = createSingleFlight<UpstreamClient, ToolListing>();
  readonly #closing = new AbortController();
  readonly #known = new Map<UpstreamClient, Known>();
  /** What counts while no connection shows anything: a server that nobody uses has what it had. */
  #rest: ToolListing | undefined;
  #last: ToolListing | undefined;
  #digest: string | undefined;
  /** Counts how often all tools were forgotten: what was asked for before is not news after. */
  #generation = 0;
  /** Something else for each time that those of one connection were. */
  readonly #forgotten = new WeakMap<UpstreamClient, object>();
  #pinning: Promise<unknown> = Promise.resolve();
  #rechecking: Promise<unknown> = Promise.resolve();
  #onChanged: () => void = () => undefined;

  constructor(upstream: Upstream, pins: PinStore, clock: Clock) {
    this.#upstream = upstream;
    this.#pins = pins;
    this.#clock = clock;
    this.#rules = compileRules(upstream.config.tools ?? []);
    // Another process may have other tools, whatever the last one had.
    upstream.onConnected((client) => this.forget(client));
    upstream.onLost((client) => this.#lose(client));
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

  /** The tools of all connections, read from the server where they are not known. */
  async read(signal: AbortSignal): Promise<ToolListing> {
    signal.throwIfAborted();
    await this.#readStale(signal);
    if (this.#rest === undefined && ![...this.#known.values()].some(isCurrent))
      await this.#upstream.run({ signal }, (client) => this.readFrom(client, signal));
    return this.#last ?? mergeListings([]);
  }

  /** The tools of a connection, where they are known, for who uses one of them. */
  use(client: UpstreamClient): ToolListing | undefined {
    const known = this.#known.get(client);
    if (known === undefined || known.isStale) return undefined;
    if (known.freshUntilMs !== Infinity && known.timer === undefined)
      this.#recheckLater(client, known);
    return known.listing;
  }

  /** The tools of a connection, read over it where they are not known. */
  async readFrom(client: UpstreamClient, signal: AbortSignal): Promise<ToolListing> {
    const known = this.#known.get(client);
    if (known?.isStale === false) return known.listing;
    return await this.#readAgain(client, signal);
  }

  /** Forgets the tools of a connection, or of all: they are read again when somebody wants them. */
  forget(client?: UpstreamClient): void {
    if (client === undefined) this.#generation += 1;
    else this.#forgotten.set(client, {});
    if (client === undefined || this.#upstream.isEverybodys(client)) this.#rest = undefined;
    for (const [each, known] of this.#known)
      if (client === undefined || each === client) known.isStale = true;
  }

  /** Accepts tools as they are now; all that are held back because they changed unless told. */
  async accept(tool?: string): Promise<void> {
    const { name } = this.#upstream;
    const now = this.#last?.definitions ?? {};
    const chosen = Object.entries(now).filter(([one]) => tool === undefined || one === tool);
    await this.#withPins(async () => {
      const accepted = await this.#pins.read(name);
      await this.#pins.write(name, { ...accepted, ...Object.fromEntries(chosen) });
    });
    this.forget();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new UpstreamClosedError(`${this.#upstream.name} is not used any more`));
    for (const { timer } of this.#known.values()) timer?.[Symbol.dispose]();
    await this.#rechecking;
  }

  /** What changed of connections that are open is read over them. One that fails hides nothing of the others. */
  async #readStale(signal: AbortSignal): Promise<void> {
    const stale = [...this.#known].filter(([client, { isStale }]) => isStale && client.isConnected);
    await Promise.all(
      stale.map(([client]) => this.#readAgain(client, signal).catch(() => undefined)),
    );
    signal.throwIfAborted();
  }

  #readAgain(client: UpstreamClient, signal: AbortSignal): Promise<ToolListing> {
    return this.#reading.run(client, (shared) => this.#fetch(client, shared), { signal });
  }

  /** Nobody is kept waiting for it, and no server is started for it: a new one is asked in any case. */
  #recheckLater(client: UpstreamClient, known: Known): void {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    // What it is used for may change them.
    const delayMs = Math.max(leastFreshMs, known.freshUntilMs - this.#clock.monotonic());
    known.timer = this.#clock.startTimer(delayMs, () => {
      known.timer = undefined;
      if (!client.isConnected) return;
      // Where it fails, who calls finds out.
      this.#rechecking = this.#readAgain(client, signal).catch(() => undefined);
    });
    known.timer.unref();
  }

  async #fetch(client: UpstreamClient, signal: AbortSignal): Promise<ToolListing> {
    const [generation, forgotten] = [this.#generation, this.#forgotten.get(client)];
    const read = await readTools(client, signal);
    const listing = await this.#withPins(() => this.#judge(read));
    this.#keep(client, {
      listing: this.#sameAs(listing),
      isShown: this.#upstream.isEverybodys(client),
      freshUntilMs: this.#clock.monotonic() + read.freshMs,
      isStale: generation !== this.#generation || forgotten !== this.#forgotten.get(client),
      timer: undefined,
    });
    return listing;
  }

  async #judge({ raws }: ReadTools): Promise<ToolListing> {
    const { name, config, profile } = this.#upstream;
    const accepted = await this.#pins.read(name);
    const hasHeaders =
      config.transport.kind === "http" && isModernRevision(profile?.revision ?? "");
    const listing = judgeTools(raws, { config, rules: this.#rules, hasHeaders, accepted });
    const fresh = Object.entries(listing.definitions).filter(([tool]) => !listing.held.has(tool));
    const next = { ...accepted, ...Object.fromEntries(fresh) };
    if (canonicalJson(next) !== canonicalJson(accepted)) await this.#pins.write(name, next);
    return listing;
  }

  /** What two connections learn at a time must not overwrite each other. */
  #withPins<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#pinning.then(work);
    this.#pinning = done.catch(() => undefined);
    return done;
  }

  /** Most connections have the same tools, which are kept once. */
  #sameAs(listing: ToolListing): ToolListing {
    const digest = digestOf(listing);
    const known = [...this.#known.values()].find((each) => digestOf(each.listing) === digest);
    return known?.listing ?? listing;
  }

  #keep(client: UpstreamClient, known: Known): void {
    this.#known.get(client)?.timer?.[Symbol.dispose]();
    if (client.isConnected) this.#known.set(client, known);
    if (known.isShown) this.#rest = client.isConnected ? undefined : known.listing;
    this.#tell();
  }

  /** What only a connection had that is lost is shown no more, unless there is no other to show. */
  #lose(client: UpstreamClient): void {
    const known = this.#known.get(client);
    if (known === undefined) return;
    known.timer?.[Symbol.dispose]();
    this.#known.delete(client);
    const isLast = known.isShown && ![...this.#known.values()].some(({ isShown }) => isShown);
    if (isLast && !known.isStale) this.#rest = known.listing;
    if (!isLast) this.#tell();
  }

  #tell(): void {
    const all = [...this.#known.values()];
    const shown = all.filter(({ isShown }) => isShown).map(({ listing }) => listing);
    const rest = this.#rest === undefined ? [] : [this.#rest];
    const counted = [...new Set(shown.length === 0 ? rest : shown)];
    this.#last = mergeListings(counted, [
      ...new Set([...counted, ...all.map(({ listing }) => listing)]),
    ]);
    const digest = hash("sha256", JSON.stringify([...this.#last.offered]));
    const isChanged = this.#digest !== undefined && this.#digest !== digest;
    this.#digest = digest;
    if (isChanged) this.#onChanged();
  }
}

function isCurrent({ isShown, isStale }: Known): boolean {
  return isShown && !isStale;
}

const digests = new WeakMap<ToolListing, string>();

function digestOf(listing: ToolListing): string {
  const known = digests.get(listing);
  if (known !== undefined) return known;
  const text = JSON.stringify([[...listing.offered], [...listing.held], listing.definitions]);
  const digest = hash("sha256", text);
  digests.set(listing, digest);
  return digest;
}
