import { abortable, formatError, type Clock, type Logger } from "op-core";
import type { BusConnection } from "../../connection/bus-connection.ts";
import { BusUnavailableError } from "../dbus-tools-error.ts";
import type { BusTarget, ConnectBus } from "./bus-target.ts";

/** What a lazily opened connection takes. */
export interface LazyBusOptions {
  readonly target: BusTarget;
  readonly connect: ConnectBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A connection that is opened when it is first needed, and shared from then on. */
export class LazyBus implements AsyncDisposable {
  readonly target: BusTarget;
  readonly #options: LazyBusOptions;
  readonly #closing = new AbortController();
  #opening: Promise<BusConnection> | undefined;

  constructor(options: LazyBusOptions) {
    this.target = options.target;
    this.#options = options;
  }

  /** The connection; rejects with `ERR_DBUS_UNAVAILABLE` when the bus cannot be reached. */
  async get(signal: AbortSignal): Promise<BusConnection> {
    signal.throwIfAborted();
    this.#opening ??= this.#open();
    return await abortable(this.#opening, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const opening = this.#opening;
    this.#opening = undefined;
    const bus = await opening?.catch(() => undefined);
    await bus?.[Symbol.asyncDispose]();
  }

  async #open(): Promise<BusConnection> {
    const { target, connect, clock, logger } = this.#options;
    const { name, way } = target;
    try {
      this.#closing.signal.throwIfAborted();
      return await connect({ ...way, clock, logger, signal: this.#closing.signal });
    } catch (error) {
      // Whoever comes next tries again.
      this.#opening = undefined;
      throw new BusUnavailableError(name, formatError(error), { canComeBack: true, cause: error });
    }
  }
}
