const quote = 0x22;
const backslash = 0x5c;

/** By how much each byte changes the depth. */
const steps = new Int8Array(256);
for (const opening of Buffer.from("[{")) steps[opening] = 1;
for (const closing of Buffer.from("]}")) steps[closing] = -1;

/** No message that is meant well is nested like this. */
export const deepest = 1000;

/** To look for a quote costs as much as to go through so many bytes. */
const nearBytes = 256;

/** A shorter message is read and forgotten in a moment, however it is nested. */
const shortBytes = 65_536;

/**
 * Whether a long message is nested so deep that reading it, and working with it, would hold up everybody else. Only
 * brackets are looked at: whether it is JSON at all is another matter.
 */
export function nestsTooDeep(bytes: Buffer, start: number, end: number): boolean {
  if (end - start <= shortBytes) return false;
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = endOfString(bytes, at);
    depth += steps[byte] ?? 0;
    if (depth > deepest) return true;
  }
  return false;
}

/** Where the string ends that begins at a quote: a long one, such as a file or a picture, is not gone through. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    for (const near = at + nearBytes; at < near; at += 1) {
      const byte = bytes[at];
      if (byte === quote) return at;
      if (byte === backslash) at += 1;
    }
    at = bytes.indexOf(quote, at);
    if (at < 0) return bytes.length;
    let escapes = 0;
    while (bytes[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
    at += 1;
  }
  return at;
}
