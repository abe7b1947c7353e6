import { isAbortOf, type Logger } from "op-core";
import type { BusConnection, EventStream, Signal } from "../../connection/bus-connection.ts";
import { busInterface, busName } from "../../connection/bus-driver-names.ts";
import { isWellKnownName } from "../../names/bus-name.ts";
import { isBodyOf } from "../../proxy/body-type.ts";
import { createBusDriver } from "../buses/service-owners.ts";

/** What following the names of a bus takes. */
export interface BusNamesOptions {
  readonly bus: BusConnection;
  /** Told of a name whose owner changed; of no name when all may have changed, after the bus was gone. */
  readonly onChange: (name: string | undefined) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Which services a bus has and could start, followed live. Nothing is asked of the services themselves. */
export class BusNames implements AsyncDisposable {
  readonly #options: BusNamesOptions;
  readonly #streams = new AsyncDisposableStack();
  readonly #loops: Promise<void>[] = [];
  #running = new Set<string>();
  #activatable: ReadonlySet<string> = new Set();

  private constructor(options: BusNamesOptions) {
    this.#options = options;
  }

  /** Resolves when the names are known. */
  static async open(options: BusNamesOptions): Promise<BusNames> {
    await using guard = new AsyncDisposableStack();
    const names = guard.use(new BusNames(options));
    await names.#open();
    guard.move();
    return names;
  }

  /** Every name, running or not, in order. */
  all(): readonly string[] {
    return [...new Set([...this.#running, ...this.#activatable])].toSorted();
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  isActivatable(name: string): boolean {
    return this.#activatable.has(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#streams.disposeAsync();
    await Promise.all(this.#loops);
  }

  async #open(): Promise<void> {
    const { bus } = this.#options;
    const rule = { sender: busName, interface: busInterface, member: "NameOwnerChanged" };
    const events = this.#streams.use(bus.events());
    const changes = this.#streams.use(await bus.subscribe(rule));
    await this.#list();
    this.#follow(changes, (change) => this.#apply(change));
    this.#follow(events, async ({ kind }) => {
      if (kind !== "reconnected") return;
      await this.#list();
      this.#options.onChange(undefined);
    });
  }

  async #list(): Promise<void> {
    const { bus, signal } = this.#options;
    const driver = createBusDriver(bus);
    const [[running], [activatable]] = await Promise.all([
      driver.call("ListNames", [], { signal }),
      driver.call("ListActivatableNames", [], { signal }),
    ]);
    this.#running = new Set(running.filter(isWellKnownName));
    this.#activatable = new Set(activatable.filter(isWellKnownName));
  }

  #apply(signal: Signal): void {
    const { body } = signal;
    if (!isBodyOf(body, signal, "sss")) return;
    const [name, , owner] = body;
    if (!isWellKnownName(name)) return;
    if (owner === "") this.#running.delete(name);
    else this.#running.add(name);
    this.#options.onChange(name);
  }

  #follow<T>(stream: EventStream<T>, handle: (value: T) => void | Promise<void>): void {
    this.#loops.push(this.#read(stream, handle));
  }

  async #read<T>(
    stream: EventStream<T>,
    handle: (value: T) => void | Promise<void>,
  ): Promise<void> {
    const { logger, signal } = this.#options;
    for await (const value of stream) {
      try {
        await handle(value);
      } catch (error) {
        // The bus went away again meanwhile; its next return is another event.
        if (!isAbortOf(error, signal))
          logger.debug("the names of a bus were not listed", { error });
      }
    }
  }
}
