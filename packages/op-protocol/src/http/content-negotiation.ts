/** Which kinds of answers a client reads. */
export interface Accepted {
  readonly json: boolean;
  readonly events: boolean;
}

const everything: Accepted = { json: true, events: true };

/** What nearly every client sends. */
const usual = "application/json, text/event-stream";

interface MediaRange {
  readonly type: string;
  readonly isWanted: boolean;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  return { type, isWanted: weight === undefined || Number(weight.slice(2)) > 0 };
}

function accepts(ranges: readonly MediaRange[], type: string): boolean {
  const [family = ""] = type.split("/");
  // The most specific range decides.
  for (const candidate of [type, `${family}/*`, "*/*"]) {
    const range = ranges.find((one) => one.type === candidate);
    if (range !== undefined) return range.isWanted;
  }
  return false;
}

/** Reads an Accept header. A client that sends none reads everything, as HTTP has it. */
export function parseAccept(header: string | undefined): Accepted {
  if (header === undefined || header === usual) return everything;
  const ranges = header.split(",").map(parseRange);
  return {
    json: accepts(ranges, "application/json"),
    events: accepts(ranges, "text/event-stream"),
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
