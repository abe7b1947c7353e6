import type { Clock } from "op-core";
import { TimeSlice } from "../time-slice.ts";
import type { ToolCatalogue } from "./tool-catalogue.ts";
import type { ToolIndex } from "./tool-index.ts";

/**
 * Keeps an index in step with the catalogue. Nothing is loaded, indexed or listened to before the index is first asked
 * for; afterwards changed names are remembered and indexed together when it is asked for again.
 */
export class IndexKeeper implements Disposable {
  readonly #catalogue: ToolCatalogue;
  readonly #clock: Clock;
  readonly #subscriptions = new DisposableStack();
  readonly #changed = new Set<string>();
  #index: ToolIndex | undefined;
  #catchingUp: Promise<ToolIndex> | undefined;

  constructor(catalogue: ToolCatalogue, clock: Clock) {
    this.#catalogue = catalogue;
    this.#clock = clock;
  }

  /** The index with every change so far. Everybody who asks meanwhile shares the same work. */
  current(): Promise<ToolIndex> {
    this.#catchingUp ??= this.#catchUp().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #catchUp(): Promise<ToolIndex> {
    const index = (this.#index ??= await this.#open());
    const slice = new TimeSlice(this.#clock);
    // A set may grow while it is iterated: names that change meanwhile have their turn, too.
    for (const name of this.#changed) {
      this.#changed.delete(name);
      const tool = this.#catalogue.get(name);
      if (tool === undefined) index.delete(name);
      else index.set(tool);
      if (slice.isOver) await slice.next();
    }
    return index;
  }

  async #open(): Promise<ToolIndex> {
    const { ToolIndex } = await import("./tool-index.ts");
    this.#subscriptions.use(this.#catalogue.onEvent(({ name }) => this.#changed.add(name)));
    for (const name of this.#catalogue.names()) this.#changed.add(name);
    return new ToolIndex();
  }

  [Symbol.dispose](): void {
    this.#subscriptions.dispose();
    this.#changed.clear();
  }
}
