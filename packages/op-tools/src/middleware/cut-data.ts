import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { Cut } from "./cut-result.ts";
import type { ResultPage } from "./result-store.ts";

const jsonType = "application/json";

/** Where a list is within data, and how to put a shorter one in its place. */
interface Place {
  readonly list: readonly JsonValue[];
  readonly name: string;
  readonly replace: (list: readonly JsonValue[]) => JsonValue;
}

/**
 * Shortens data to at most `maxBytes` bytes of JSON by leaving out elements at the end of its only or longest list.
 * Nothing when there is no such list, or when not even its first element has room.
 */
export function cutData(data: JsonValue, maxBytes: number): Cut<JsonValue> | undefined {
  const place = longestList(data);
  if (place === undefined) return undefined;
  const texts = place.list.map((element) => JSON.stringify(element));
  const frame = byteLength(JSON.stringify(place.replace([])));
  const count = fitting(texts, 0, maxBytes - frame);
  if (count === 0) return undefined;
  return {
    shown: place.replace(place.list.slice(0, count)),
    rest: pagesFrom(texts, count, maxBytes),
    note: `Showing ${count} of ${texts.length} ${place.name}.`,
  };
}

function longestList(data: JsonValue): Place | undefined {
  if (isList(data)) return { list: data, name: "elements", replace: (list) => list };
  if (!isJsonObject(data)) return undefined;
  return Object.entries(data)
    .flatMap(([key, value]) => (isList(value) ? [placeIn(data, key, value)] : []))
    .toSorted((left, right) => right.list.length - left.list.length)
    .at(0);
}

function placeIn(data: JsonObject, key: string, list: readonly JsonValue[]): Place {
  return {
    list,
    name: `elements of ${JSON.stringify(key)}`,
    replace: (shorter) => ({ ...data, [key]: shorter }),
  };
}

/** How many elements from `start` on have room, with the commas between them. */
function fitting(texts: readonly string[], start: number, maxBytes: number): number {
  let left = maxBytes;
  let end = start;
  for (; end < texts.length; end += 1) {
    left -= byteLength(texts[end] ?? "") + 1;
    if (left < 0) break;
  }
  return end - start;
}

/** An element that is larger than a page is a page of its own. */
function pagesFrom(
  texts: readonly string[],
  start: number,
  maxBytes: number,
): readonly ResultPage[] {
  const pages: ResultPage[] = [];
  for (let from = start; from < texts.length;) {
    const count = Math.max(1, fitting(texts, from, maxBytes - 2));
    pages.push({ mimeType: jsonType, text: `[${texts.slice(from, from + count).join(",")}]` });
    from += count;
  }
  return pages;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
