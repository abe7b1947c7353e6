import { hash } from "node:crypto";
import { canonicalJson } from "../entry/canonical-json.ts";
import type { TreeHash } from "../merkle/tree-hash.ts";
import { parseJson, RecordFields } from "./record-fields.ts";

/** The first line of a segment: how it follows from everything before. */
export interface SegmentHeader {
  readonly v: 1;
  /** Which log it belongs to. */
  readonly origin: string;
  /** When it was begun. */
  readonly at: string;
  /** The place of its first entry. */
  readonly first: number;
  /** The hash of the entry before. */
  readonly previous: TreeHash;
  /** The Merkle tree of all entries before. */
  readonly frontier: readonly TreeHash[];
}

/** A header and the hash that the first entry follows. */
export interface HeaderLine {
  readonly header: SegmentHeader;
  /** The chain runs through the header: this takes the place of the hash before the first entry. */
  readonly hash: TreeHash;
}

/** Writes a header line, `{"c":"<hash>","h":<canonical JSON>}` and a newline. */
export function formatHeader(header: SegmentHeader): HeaderLine & { readonly text: string } {
  const body = canonicalJson(header);
  const own = headerHash(body);
  return { header, hash: own, text: `{"c":"${own}","h":${body}}\n` };
}

/** Reads a header line without its newline; nothing, if it is none or has been changed. */
export function parseHeader(line: string): HeaderLine | undefined {
  const match = /^\{"c":"(?<own>[^"]{44})","h":(?<body>\{.*\})\}$/.exec(line);
  const { own = "", body = "" } = match?.groups ?? {};
  if (own !== headerHash(body)) return undefined;
  const header = toHeader(parseJson(body));
  return header === undefined ? undefined : { header, hash: own };
}

/** Other prefixes than those of the tree, so that a header never passes for a leaf. */
function headerHash(body: string): TreeHash {
  return hash("sha256", `\u0002${body}`, "base64");
}

function toHeader(value: unknown): SegmentHeader | undefined {
  const fields = new RecordFields(value, ["v", "origin", "at", "first", "previous", "frontier"]);
  const header: SegmentHeader = {
    v: fields.oneOf("v", 1),
    origin: fields.text("origin"),
    at: fields.time("at"),
    first: fields.count("first"),
    previous: fields.hash("previous"),
    frontier: fields.hashes("frontier"),
  };
  return fields.isSound ? header : undefined;
}
