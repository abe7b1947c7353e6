import { isOpError, type Logger } from "op-core";
import { createProxy } from "../../proxy/proxy.ts";
import { systemdManager } from "../../systemd/systemd.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";

const systemd = "org.freedesktop.systemd1";
const managerPath = "/org/freedesktop/systemd1";

/** Asks systemd to send its signals, which it does only for those who ask, and for as long as they are connected. */
export class SystemdSubscription {
  readonly #logger: Logger;
  readonly #catalogues = new Set<BusCatalogue>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Makes sure that signals of a service are sent; has nothing to do for any but systemd. */
  async ensure(catalogue: BusCatalogue, service: string, signal: AbortSignal): Promise<void> {
    if (service !== systemd || this.#catalogues.has(catalogue)) return;
    await this.#subscribe(catalogue, signal);
    this.#catalogues.add(catalogue);
  }

  /** Asks again after systemd, or the bus, came back. */
  async renew(catalogue: BusCatalogue, service: string, signal: AbortSignal): Promise<void> {
    if (service === systemd && this.#catalogues.has(catalogue)) {
      await this.#subscribe(catalogue, signal);
    }
  }

  async #subscribe(catalogue: BusCatalogue, signal: AbortSignal): Promise<void> {
    try {
      const bus = await catalogue.connection(signal);
      const manager = createProxy(bus, systemdManager, { destination: systemd, path: managerPath });
      await manager.call("Subscribe", [], { signal, noAutoStart: true });
    } catch (error) {
      signal.throwIfAborted();
      if (!isOpError(error)) throw error;
      // Who has asked already is told so by an error.
      this.#logger.debug("systemd was not asked for its signals", { error });
    }
  }
}
