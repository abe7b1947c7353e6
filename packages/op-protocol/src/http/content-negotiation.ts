/** Which kinds of answers a client reads. */
export interface Accepted {
  readonly json: boolean;
  readonly events: boolean;
  /** Whether it would rather have events where it reads both. */
  readonly prefersEvents: boolean;
}

const everything: Accepted = { json: true, events: true, prefersEvents: false };

/** What nearly every client sends. */
const usual = "application/json, text/event-stream";

interface MediaRange {
  readonly type: string;
  /** How much it is wanted, from 0 to 1. */
  readonly weight: number;
  /** Its place in the header. */
  readonly place: number;
}

const unwanted = { weight: 0, place: Infinity };

function parseRange(text: string, place: number): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)), place };
}

/** The range that decides about a type, which is the most specific one. */
function rangeFor(ranges: readonly MediaRange[], type: string): Omit<MediaRange, "type"> {
  const [family = ""] = type.split("/");
  for (const candidate of [type, `${family}/*`, "*/*"]) {
    const range = ranges.find((one) => one.type === candidate);
    if (range !== undefined) return range;
  }
  return unwanted;
}

/** Reads an Accept header. A client that sends none reads everything, as HTTP has it. */
export function parseAccept(header: string | undefined): Accepted {
  if (header === undefined || header === usual) return everything;
  const ranges = header.split(",").map(parseRange);
  const json = rangeFor(ranges, "application/json");
  const events = rangeFor(ranges, "text/event-stream");
  // Weights say what is preferred; of two that are the same, what is named first.
  const isFirst = events.weight === json.weight && events.place < json.place;
  return {
    json: json.weight > 0,
    events: events.weight > 0,
    prefersEvents: events.weight > 0 && (events.weight > json.weight || isFirst),
  };
}

/** Whether a body is declared as JSON in UTF-8, the only encoding there is for it. */
export function isJsonType(header: string | undefined): boolean {
  if (header === "application/json") return true;
  const [type = "", ...parameters] = (header ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  return (
    type === "application/json" && (charset === undefined || /^charset="?utf-?8"?$/u.test(charset))
  );
}
