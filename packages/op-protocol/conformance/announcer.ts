/** Tells whoever follows that something happened. */
export class Announcer {
  readonly #listeners = new Set<() => void>();

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  onTold(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async *follow(signal: AbortSignal): AsyncGenerator<void> {
    while (!signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      using _told = this.onTold(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
      if (!signal.aborted) yield;
    }
  }
}
