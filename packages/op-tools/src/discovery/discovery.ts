import { silentLogger, sleep, systemClock, type Clock, type Logger, type Timer } from "op-core";
import type { ToolRegistry } from "../registry/tool-registry.ts";
import type { ToolSource } from "../sources/tool-source.ts";
import { KnownTools } from "./known-tools.ts";
import { readManifestFile, writeManifestFile } from "./manifest-file.ts";
import type { Manifest } from "./manifest.ts";
import type { NameConflict } from "./public-names.ts";
import type { QuarantinedTool, SourceStatus } from "./source-status.ts";
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
  status(): readonly SourceStatus[];
  conflicts(): readonly NameConflict[];
  quarantined(): readonly QuarantinedTool[];
}

const defaultListTimeoutMs = 30_000;
/** With a manifest nobody waits for the listing, so the first requests go before it. */
const headStartMs = 250;
/** A service that comes up changes many tools; they are written once. */
const writeDelayMs = 1000;

class SourceDiscovery implements Discovery {
  readonly ready: Promise<void>;
  readonly #path: string | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known: KnownTools;
  readonly #manifest: Manifest | undefined;
  readonly #watches: readonly SourceWatch[];
  readonly #leaving = new AbortController();
  readonly #runs: Promise<void>;
  #writing: Promise<void> = Promise.resolve();
  #writeTimer: Timer | undefined;
  #isDirty = false;
  #closing: Promise<void> | undefined;

  constructor(options: DiscoveryOptions, manifest: Manifest | undefined) {
    const { sources, registry, clock = systemClock, logger = silentLogger } = options;
    this.#path = options.manifestPath;
    this.#clock = clock;
    this.#logger = logger;
    this.#manifest = manifest;
    const onChanged = (): void => this.#writeSoon();
    this.#known = new KnownTools({ sources, registry, manifest, logger, onChanged });
    const fingerprints = new Map(
      manifest?.sources.map(({ name, fingerprint }) => [name, fingerprint]),
    );
    const listTimeoutMs = options.listTimeoutMs ?? defaultListTimeoutMs;
    this.#watches = sources.map((source) => {
      const fingerprint = fingerprints.get(source.name);
      return new SourceWatch({
        source,
        known: this.#known,
        fingerprint,
        listTimeoutMs,
        clock,
        logger,
      });
    });
    this.#runs = this.#run(manifest === undefined ? 0 : headStartMs);
    this.ready = Promise.all(this.#watches.map(({ settled }) => settled)).then(() =>
      this.#noteFingerprints(manifest),
    );
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
    await this.#runs;
    if (this.#isDirty) this.#write();
    await this.#writing;
    this.#manifest?.[Symbol.dispose]();
  }

  async #run(delayMs: number): Promise<void> {
    const { signal } = this.#leaving;
    if (delayMs > 0) await sleep(delayMs, { clock: this.#clock, signal }).catch(() => undefined); // Leaving: the runs end at once.
    await Promise.all(this.#watches.map((watch) => watch.run(signal)));
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
