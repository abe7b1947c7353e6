import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/** What every token begins with that op-mcp itself makes: it is never shown to anybody else. */
export const ownTokenPrefix = "opmcp_";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const checksumLength = 6;

/** 256 random bits, as 43 letters and digits: a double click selects all of them. */
export function randomSecret(): string {
  return toBase62(BigInt(`0x${randomBytes(32).toString("hex")}`), 43);
}

/** A name of 71 random bits that says nothing. */
export function randomId(): string {
  const most = 62n ** 12n;
  return toBase62(BigInt(`0x${randomBytes(32).toString("hex")}`) % most, 12);
}

/** Appends a checksum, by which scanners of leaks are sure, and slips of the pen are told without a look into any store. */
export function withChecksum(text: string): string {
  return text + toBase62(BigInt(crc32(text)), checksumLength);
}

/** Whether the text ends in its checksum. */
export function hasChecksum(text: string): boolean {
  return withChecksum(text.slice(0, -checksumLength)) === text;
}

function toBase62(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  while (text.length < length) {
    text = (digits[Number(rest % 62n)] ?? "") + text;
    rest /= 62n;
  }
  return text;
}
