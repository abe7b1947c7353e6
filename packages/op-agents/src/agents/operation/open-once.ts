/** Something that is opened when it is first needed, and kept. */
export interface OpenedOnce<T> extends AsyncDisposable {
  get(options: { readonly signal: AbortSignal }): Promise<T>;
}

/** Opens with the first who asks, for everybody who asks; after a failure the next one tries again. */
export function openOnce<T extends AsyncDisposable>(
  open: (options: { readonly signal: AbortSignal }) => Promise<T>,
): OpenedOnce<T> {
  const closing = new AbortController();
  let opening: Promise<T> | undefined;
  const start = async () => {
    try {
      // Not the signal of who asks first: others wait for it too.
      return await open({ signal: closing.signal });
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return {
    get: async ({ signal }) => {
      signal.throwIfAborted();
      return await (opening ??= start());
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      const opened = await opening?.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
