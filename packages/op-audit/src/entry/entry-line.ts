import { hash } from "node:crypto";
import { hashBytes, hashChars, type TreeHash } from "../merkle/tree-hash.ts";

/**
 * One line of a segment: `{"n":<place>,"c":"<hash>","e":<canonical JSON>}` and a newline.
 *
 * The hash is SHA-256 over a zero byte, the hash before and the canonical bytes. So it chains the entries, and it is at
 * the same time the RFC 6962 leaf hash of the data "hash before, canonical bytes": one hash serves chain and tree.
 */
export interface EntryLine {
  readonly seq: number;
  /** The hash the line carries, which may not be the one it should carry. */
  readonly hash: TreeHash;
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

const beforeSeq = '{"n":';
const beforeHash = ',"c":"';
const beforeBody = '","e":';
const afterBody = "}\n";
const [beforeSeqBytes, beforeHashBytes, beforeBodyBytes] = [
  Buffer.from(beforeSeq),
  Buffer.from(beforeHash),
  Buffer.from(beforeBody),
];
const prefixBytes = 1 + hashBytes;

/** The longest that a line is besides its body. */
export const lineOverhead = 100;

/** Writes a line at `at` and returns where it ends and its hash. The buffer has room for the body and {@link lineOverhead}. */
export function writeEntryLine(
  buffer: Buffer,
  at: number,
  line: { readonly seq: number; readonly previous: TreeHash; readonly body: string },
): { readonly end: number; readonly hash: TreeHash } {
  const hashStart = at + buffer.write(`${beforeSeq}${line.seq}${beforeHash}`, at, "latin1");
  const bodyStart = hashStart + hashChars + beforeBody.length;
  const bodyEnd = bodyStart + buffer.write(line.body, bodyStart, "utf8");
  const own = hashBody(buffer, line.previous, bodyStart, bodyEnd);
  buffer.write(`${own}${beforeBody}`, hashStart, "latin1");
  return { end: bodyEnd + buffer.write(afterBody, bodyEnd, "latin1"), hash: own };
}

/**
 * Hashes a body that follows `previous`. The bytes just before the body are overwritten: what is hashed has to lie in
 * one piece, and copying every body would cost as much as hashing it. They belong to the line's own hash and its
 * punctuation, which the caller has read already or writes afterwards.
 */
export function hashBody(
  buffer: Buffer,
  previous: TreeHash,
  bodyStart: number,
  bodyEnd: number,
): TreeHash {
  const start = bodyStart - prefixBytes;
  buffer[start] = 0;
  buffer.write(previous, start + 1, hashBytes, "base64");
  return hash("sha256", buffer.subarray(start, bodyEnd), "base64");
}

/** Finds the parts of the line that lies between `start` and its newline at `end`, or nothing if it is none. */
export function parseEntryLine(buffer: Buffer, start: number, end: number): EntryLine | undefined {
  const seqStart = start + beforeSeq.length;
  let at = seqStart;
  let seq = 0;
  for (let digit = digitAt(buffer, at); digit !== undefined; digit = digitAt(buffer, at)) {
    seq = seq * 10 + digit;
    at += 1;
  }
  const hashStart = at + beforeHash.length;
  const bodyStart = hashStart + hashChars + beforeBody.length;
  const bodyEnd = end - 1;
  if (bodyStart >= bodyEnd || at === seqStart || at - seqStart > 16) return undefined;
  if (buffer[seqStart] === zero && at - seqStart > 1) return undefined;
  const isFramed =
    isAt(buffer, start, beforeSeqBytes) &&
    isAt(buffer, at, beforeHashBytes) &&
    isAt(buffer, hashStart + hashChars, beforeBodyBytes) &&
    buffer[bodyEnd] === closingBrace;
  if (!isFramed) return undefined;
  const hashText = buffer.toString("latin1", hashStart, hashStart + hashChars);
  return { seq, hash: hashText, bodyStart, bodyEnd };
}

const zero = 48;
const closingBrace = 125;

function digitAt(buffer: Buffer, at: number): number | undefined {
  const byte = buffer[at];
  return byte !== undefined && byte >= zero && byte <= zero + 9 ? byte - zero : undefined;
}

/** Byte by byte, because making a string of them takes ten times as long. */
function isAt(buffer: Buffer, start: number, expected: Buffer): boolean {
  for (let at = 0; at < expected.length; at += 1) {
    if (buffer[start + at] !== expected[at]) return false;
  }
  return true;
}
