import type { KnownList, KnownLists } from "./known-lists.ts";

/** Writes down lists so that what several of them name is there once. */
export function packLists(known: readonly KnownList[]): KnownLists {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const lists = Object.fromEntries(
    known.map(({ fingerprint, tools }) => [
      fingerprint,
      tools.map((tool) => placeOf(JSON.stringify(tool))),
    ]),
  );
  return { tools: [...places.keys()].map((text) => JSON.parse(text)), lists };
}
