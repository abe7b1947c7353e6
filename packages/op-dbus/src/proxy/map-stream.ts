import type { EventStream } from "../connection/bus-connection.ts";

/** A stream of what a function makes of another stream's values; what it makes undefined of is skipped. */
export function mapStream<T, U>(
  source: EventStream<T>,
  map: (value: T) => U | undefined,
): EventStream<U> {
  const next = async (): Promise<IteratorResult<U, undefined>> => {
    for (;;) {
      const result = await source.next();
      if (result.done === true) return { done: true, value: undefined };
      const value = map(result.value);
      if (value !== undefined) return { done: false, value };
    }
  };
  const end = async (): Promise<IteratorResult<U, undefined>> => {
    await source[Symbol.asyncDispose]();
    return { done: true, value: undefined };
  };
  const stream: EventStream<U> = {
    get dropped() {
      return source.dropped;
    },
    next,
    return: end,
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
  return stream;
}
