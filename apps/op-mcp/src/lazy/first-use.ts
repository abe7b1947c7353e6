/** Opens something with its first use; when that fails, with the next. */
export class FirstUse<T> {
  readonly #open: () => Promise<T>;
  readonly #isOpen = Promise.withResolvers<void>();
  #opening: Promise<T> | undefined;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  /** Resolves when it is open; perhaps never. */
  get isOpen(): Promise<void> {
    return this.#isOpen.promise;
  }

  /** What is opened, once for everybody who asks. */
  get(): Promise<T> {
    this.#opening ??= this.#openAnew();
    return this.#opening;
  }

  /** What is open or about to be; nothing where nobody used it, or where it failed, which whoever used it was told. */
  async opened(): Promise<T | undefined> {
    return await this.#opening?.catch(() => undefined);
  }

  async #openAnew(): Promise<T> {
    try {
      const opened = await this.#open();
      this.#isOpen.resolve();
      return opened;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}
