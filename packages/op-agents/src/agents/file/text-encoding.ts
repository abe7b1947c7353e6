/** How bytes of a file are told: as text of an encoding, or as bytes. */
export const encodings = ["auto", "utf-8", "utf-16le", "latin1", "base64", "hex"] as const;

/** How bytes of a file are told. */
export type Encoding = (typeof encodings)[number];

/** An encoding that was found out. */
export type KnownEncoding = Exclude<Encoding, "auto">;

const bytesToTellBy = 8192;

/** Finds out what a file has from how it begins: text unless there are bytes that no text has. */
export function detectEncoding(start: Buffer): KnownEncoding {
  const sample = start.subarray(0, bytesToTellBy);
  if (sample[0] === 0xff && sample[1] === 0xfe) return "utf-16le";
  if (sample.includes(0)) return "base64";
  const { length } = completeUtf8(sample);
  return isUtf8(sample.subarray(0, length)) ? "utf-8" : "base64";
}

/** The bytes as text. */
export function decode(bytes: Buffer, encoding: KnownEncoding): string {
  return bytes.toString(encoding);
}

/** The text as bytes; undefined where it is not what the encoding needs. */
export function encode(text: string, encoding: KnownEncoding): Buffer | undefined {
  const bytes = Buffer.from(text, encoding);
  const isExact =
    encoding === "base64"
      ? /^[A-Za-z0-9+/\s]*={0,2}\s*$/u.test(text)
      : encoding === "hex"
        ? bytes.length * 2 === text.length
        : decode(bytes, encoding) === text;
  return isExact ? bytes : undefined;
}

/** The bytes without a character at the end that is cut; all of them where nothing is left otherwise. */
export function completeCharacters(bytes: Buffer, encoding: KnownEncoding): Buffer {
  if (encoding === "utf-16le") return bytes.subarray(0, bytes.length - (bytes.length % 2));
  return encoding === "utf-8" ? completeUtf8(bytes) : bytes;
}

function completeUtf8(bytes: Buffer): Buffer {
  // A character has four bytes at most: the last one that begins is among the last four.
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back && back < bytes.length ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
