import { ToolNotFoundError, type ToolView } from "op-tools";
import type { ToolsFor } from "./authorized-tools.ts";

/** What a view shows at the time. */
export interface ShownTools extends Disposable {
  readonly tools: ToolView;
  readonly toolsFor: ToolsFor;
}

/** Nothing, for those who are still connected to a view that is gone. */
const noTools: ToolView = {
  size: 0,
  revision: "",
  slice: () => [],
  find: () => undefined,
  call: (name) => Promise.reject(new ToolNotFoundError(name)),
  onChanged: () => ({ [Symbol.dispose]: () => undefined }),
};

/** The tools of a view whose settings may change while clients are connected to it; they are told that the list changed. */
export class ProfileTools implements Disposable {
  readonly tools: ToolView = this.#follow(() => this.#shown?.tools ?? noTools);
  readonly toolsFor: ToolsFor = (principal) =>
    this.#follow(() => this.#shown?.toolsFor(principal) ?? noTools);
  readonly #listeners = new Set<{ readonly tell: () => void }>();
  #shown: ShownTools | undefined;
  #following: Disposable | undefined;
  /** What was shown before has other revisions. */
  #generation = 0;

  constructor(shown: ShownTools) {
    this.#shown = shown;
  }

  /** Shows something else from now on; nothing where the view is gone. */
  show(next: ShownTools | undefined): void {
    const before = this.#shown;
    this.#following?.[Symbol.dispose]();
    this.#following = undefined;
    this.#shown = next;
    this.#generation += 1;
    before?.[Symbol.dispose]();
    if (this.#listeners.size > 0) this.#followShown();
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#following?.[Symbol.dispose]();
    this.#shown?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #follow(current: () => ToolView): ToolView {
    const revisionOf = (): string => {
      const { revision } = current();
      return this.#generation === 0 ? revision : `${this.#generation}.${revision}`;
    };
    return {
      get size() {
        return current().size;
      },
      get revision() {
        return revisionOf();
      },
      slice: (start, end) => current().slice(start, end),
      find: (name) => current().find(name),
      call: (name, args, context) => current().call(name, args, context),
      onChanged: (tell) => {
        const listener = { tell };
        this.#listeners.add(listener);
        this.#followShown();
        return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
      },
    };
  }

  #followShown(): void {
    this.#following ??= this.#shown?.tools.onChanged(() => this.#tell());
  }

  #tell(): void {
    for (const { tell } of this.#listeners) tell();
  }
}
