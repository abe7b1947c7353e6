import type { Logger } from "op-core";
import type { SourceOptions } from "op-tools";

/** Something with a name that lists something. */
export interface Lister<Item> {
  readonly name: string;
  list(options: SourceOptions): AsyncIterable<Item>;
}

async function collect<Item>(
  lister: Lister<Item>,
  signal: AbortSignal,
  logger: Logger,
): Promise<Item[]> {
  const items: Item[] = [];
  try {
    for await (const item of lister.list({ signal })) items.push(item);
  } catch (error) {
    signal.throwIfAborted();
    logger.warn("a source could not be listed; the others are", { source: lister.name, error });
  }
  return items;
}

/** By their units, the same on every machine; equal ones stay in the order of their sources. */
function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Everything that all of them list, in the order of a key; one that fails hides none of the others. */
export async function listAll<Item>(
  listers: readonly Lister<Item>[],
  keyOf: (item: Item) => string,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<readonly Item[]> {
  const lists = await Promise.all(listers.map((lister) => collect(lister, signal, logger)));
  return lists.flat().toSorted((left, right) => compare(keyOf(left), keyOf(right)));
}
