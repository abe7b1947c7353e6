const lineFeed = 0x0a;

/**
 * Cuts text into pieces of at most `maxBytes` bytes of UTF-8, at the end of a line where there is one, and never within
 * a character. Joined again they are the same text.
 */
export function splitText(text: string, maxBytes: number): readonly string[] {
  const bytes = Buffer.from(text);
  const pieces: string[] = [];
  let start = 0;
  while (bytes.length - start > maxBytes) {
    const end = cutBefore(bytes, start, start + maxBytes);
    pieces.push(bytes.toString("utf8", start, end));
    start = end;
  }
  pieces.push(bytes.toString("utf8", start));
  return pieces;
}

function cutBefore(bytes: Buffer, start: number, limit: number): number {
  const lineEnd = bytes.lastIndexOf(lineFeed, limit - 1);
  if (lineEnd >= start) return lineEnd + 1;
  let end = limit;
  while (end > start + 1 && isContinuation(bytes[end])) end -= 1;
  return end;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
