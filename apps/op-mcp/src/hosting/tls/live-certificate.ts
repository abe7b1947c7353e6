import type { Clock, Logger, Timer } from "op-core";
import type { ServeConfig } from "../serve-config.ts";
import { readTlsFiles, stampTlsFiles, type TlsMaterial, type TlsSnapshot } from "./tls-files.ts";

/** A certificate that follows its files. */
export interface LiveCertificate extends AsyncDisposable {
  readonly material: TlsMaterial;
  /** Calls back with each new one, until it is disposed. */
  onChanged(listener: (material: TlsMaterial) => void): Disposable;
  /** Looks at the files now. Resolves when what was found is in force. */
  reload(): Promise<void>;
}

/** What following a certificate takes. */
export interface LiveCertificateOptions {
  readonly config: ServeConfig["tls"];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

class FollowedCertificate implements LiveCertificate {
  readonly #options: LiveCertificateOptions;
  readonly #listeners = new Set<(material: TlsMaterial) => void>();
  readonly #leaving = new AbortController();
  #snapshot: TlsSnapshot;
  /** The stamp of files that cannot be used, which is told once. */
  #refused: string | undefined;
  #timer: Timer;
  #reloading: Promise<void> = Promise.resolve();

  constructor(options: LiveCertificateOptions, snapshot: TlsSnapshot) {
    this.#options = options;
    this.#snapshot = snapshot;
    this.#timer = this.#schedule();
  }

  get material(): TlsMaterial {
    return this.#snapshot.material;
  }

  onChanged(listener: (material: TlsMaterial) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  reload(): Promise<void> {
    this.#reloading = this.#lookAfter(this.#reloading);
    return this.#reloading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    this.#timer[Symbol.dispose]();
    await this.#reloading;
  }

  #schedule(): Timer {
    const { clock, config } = this.#options;
    const timer = clock.startTimer(config.checkMs, () => {
      this.#timer = this.#schedule();
      void this.reload();
    });
    timer.unref();
    return timer;
  }

  async #lookAfter(before: Promise<void>): Promise<void> {
    await before;
    await this.#look();
  }

  /** Never rejects: what was good goes on to be used. */
  async #look(): Promise<void> {
    const { config, logger } = this.#options;
    let stamp = "";
    try {
      stamp = await stampTlsFiles(config);
      if (stamp === this.#snapshot.stamp || stamp === this.#refused) return;
      this.#snapshot = await readTlsFiles(config, this.#leaving.signal);
      this.#refused = undefined;
      for (const listener of this.#listeners) listener(this.#snapshot.material);
      logger.info("the certificate was renewed", { certFile: config.certFile });
    } catch (error) {
      if (this.#leaving.signal.aborted || (stamp === "" && this.#refused === "")) return;
      this.#refused = stamp;
      logger.error("the new certificate cannot be used; the old one goes on to be", { error });
    }
  }
}

/** Reads the certificate and follows its files. Throws `ERR_TLS_FILES` or `ERR_SECRET_EXPOSED`. */
export async function openLiveCertificate(
  options: LiveCertificateOptions,
): Promise<LiveCertificate> {
  return new FollowedCertificate(options, await readTlsFiles(options.config, options.signal));
}
