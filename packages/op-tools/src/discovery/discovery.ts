import { silentLogger, sleep, systemClock, type Clock, type Logger, type Timer } from "op-core";
import type { ToolRegistry } from "../registry/tool-registry.ts";
import type { SourceOptions, ToolSource } from "../sources/tool-source.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { expectTool } from "./expect-tool.ts";
import { KnownTools } from "./known-tools.ts";
import { readManifestFile, writeManifestFile } from "./manifest-file.ts";
import type { Manifest } from "./manifest.ts";
import type { NameConflict } from "./public-names.ts";
import type { MissingTools, QuarantinedTool, SourceStatus } from "./source-status.ts";
import { SourceWatch } from "./source-watch.ts";

/** What discovery takes. */
export interface DiscoveryOptions {
  /** The order decides who keeps a name that two of them want. */
  readonly sources: readonly ToolSource[];
  readonly registry: ToolRegistry;
  /** Where what is known is kept from one run to the next. */
  readonly manifestPath?: string;
  readonly listTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Keeps a registry to what any number of sources offer. */
export interface Discovery extends AsyncDisposable {
  /** Resolves when every source was listed once in this run, or failed to. */
  readonly ready: Promise<void>;
  /** Follows one more source, behind all others. Its name must be free. */
  add(source: ToolSource): void;
  /** Forgets a source and all its tools. Resolves when it is not followed any more. */
  remove(source: string): Promise<void>;
  /** A tool that is not known yet, as soon as its source lists it; nothing where no source can be waited for. */
  expect(name: string, options: SourceOptions): Promise<ToolDescriptor | undefined>;
  /** The sources that may have a tool of this name but never said what they have. */
  missing(name: string): readonly MissingTools[];
  status(): readonly SourceStatus[];
  conflicts(): readonly NameConflict[];
  quarantined(): readonly QuarantinedTool[];
}

const defaultListTimeoutMs = 30_000;
/** With a manifest nobody waits for the listing, so the first requests go before it. */
const headStartMs = 250;
/** A service that comes up changes many tools; they are written once. */
const writeDelayMs = 1000;

/** A source that is followed. */
interface Following {
  readonly watch: SourceWatch;
  readonly leaving: AbortController;
  readonly run: Promise<void>;
}

class SourceDiscovery implements Discovery {
  readonly ready: Promise<void>;
  readonly #path: string | undefined;
  readonly #registry: ToolRegistry;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known: KnownTools;
  readonly #manifest: Manifest | undefined;
  readonly #listTimeoutMs: number;
  readonly #followed = new Map<string, Following>();
  readonly #leaving = new AbortController();
  #writing: Promise<void> = Promise.resolve();
  #writeTimer: Timer | undefined;
  #isDirty = false;
  #closing: Promise<void> | undefined;

  constructor(options: DiscoveryOptions, manifest: Manifest | undefined) {
    const { sources, registry, clock = systemClock, logger = silentLogger } = options;
    this.#path = options.manifestPath;
    this.#registry = registry;
    this.#clock = clock;
    this.#logger = logger;
    this.#manifest = manifest;
    const onChanged = (): void => this.#writeSoon();
    this.#known = new KnownTools({ sources, registry, manifest, logger, onChanged });
    const fingerprints = new Map(
      manifest?.sources.map(({ name, fingerprint }) => [name, fingerprint]),
    );
    this.#listTimeoutMs = options.listTimeoutMs ?? defaultListTimeoutMs;
    const started = this.#headStart(manifest === undefined ? 0 : headStartMs);
    for (const source of sources)
      this.#follow(source, { fingerprint: fingerprints.get(source.name), started });
    this.ready = Promise.all(this.#watches.map(({ settled }) => settled)).then(() =>
      this.#noteFingerprints(manifest),
    );
  }

  add(source: ToolSource): void {
    this.#known.add(source);
    this.#follow(source, { fingerprint: undefined, started: Promise.resolve() });
  }

  async remove(source: string): Promise<void> {
    const following = this.#followed.get(source);
    if (following === undefined) return;
    following.leaving.abort();
    await following.run;
    this.#known.drop(source);
    this.#followed.delete(source);
  }

  expect(name: string, { signal }: SourceOptions): Promise<ToolDescriptor | undefined> {
    const how = { registry: this.#registry, watches: this.#watches, clock: this.#clock, signal };
    return expectTool(name, how);
  }

  missing(name: string): readonly MissingTools[] {
    const able = this.#watches.filter((watch) => watch.mayHave(name));
    return able.map(({ missing }) => missing).filter((missing) => missing !== undefined);
  }

  status(): readonly SourceStatus[] {
    return this.#watches.map(({ status }) => status);
  }

  conflicts(): readonly NameConflict[] {
    return this.#known.conflicts;
  }

  quarantined(): readonly QuarantinedTool[] {
    return this.#known.quarantined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#leaving.abort();
    this.#writeTimer?.[Symbol.dispose]();
    await Promise.all([...this.#followed.values()].map(({ run }) => run));
    if (this.#isDirty) this.#write();
    await this.#writing;
    this.#manifest?.[Symbol.dispose]();
  }

  get #watches(): readonly SourceWatch[] {
    return [...this.#followed.values()].map(({ watch }) => watch);
  }

  #follow(
    source: ToolSource,
    how: { readonly fingerprint: string | undefined; readonly started: Promise<void> },
  ): void {
    const watch = new SourceWatch({
      source,
      known: this.#known,
      fingerprint: how.fingerprint,
      listTimeoutMs: this.#listTimeoutMs,
      clock: this.#clock,
      logger: this.#logger,
    });
    const leaving = new AbortController();
    const signal = AbortSignal.any([this.#leaving.signal, leaving.signal]);
    const run = how.started.then(() => watch.run(signal));
    this.#followed.set(source.name, { watch, leaving, run });
  }

  async #headStart(delayMs: number): Promise<void> {
    const { signal } = this.#leaving;
    if (delayMs > 0) await sleep(delayMs, { clock: this.#clock, signal }).catch(() => undefined); // Leaving: the runs end at once.
  }

  /** A list that did not change may still be made of something newer, which spares the next run the listing. */
  #noteFingerprints(manifest: Manifest | undefined): void {
    const before = JSON.stringify(manifest?.sources ?? []);
    if (!this.#leaving.signal.aborted && JSON.stringify(this.#sources()) !== before)
      this.#writeSoon();
  }

  #writeSoon(): void {
    if (this.#path === undefined) return;
    this.#isDirty = true;
    if (this.#writeTimer !== undefined || this.#leaving.signal.aborted) return;
    this.#writeTimer = this.#clock.startTimer(writeDelayMs, () => {
      this.#writeTimer = undefined;
      this.#write();
    });
    this.#writeTimer.unref();
  }

  #write(): void {
    const path = this.#path;
    if (path === undefined) return;
    this.#isDirty = false;
    const before = this.#writing;
    const write = async (): Promise<void> => {
      await before;
      try {
        await writeManifestFile(path, { sources: this.#sources(), tools: this.#known.all() });
      } catch (error) {
        this.#logger.warn("the tool manifest cannot be written; the next start lists everything", {
          path,
          error,
        });
      }
    };
    this.#writing = write();
  }

  #sources(): Manifest["sources"] {
    return this.#watches.map(({ status: { name }, fingerprint }) =>
      fingerprint === undefined ? { name } : { name, fingerprint },
    );
  }
}

/**
 * Begins to follow sources and returns at once: what the manifest knows is in the registry, the rest comes as it is
 * listed. A source that fails, hangs or is slow keeps what was known of it, and holds up no other.
 */
export function openDiscovery(options: DiscoveryOptions): Discovery {
  const { manifestPath, logger } = options;
  return new SourceDiscovery(
    options,
    manifestPath === undefined ? undefined : readManifestFile(manifestPath, logger),
  );
}
