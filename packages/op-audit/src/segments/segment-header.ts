import { hash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../entry/canonical-json.ts";
import { isTreeHash, type TreeHash } from "../merkle/tree-hash.ts";

const Hash = z.string().refine(isTreeHash);

/** The first line of a segment: how it follows from everything before. */
export const SegmentHeader = z.strictObject({
  v: z.literal(1),
  origin: z.string().meta({ description: "Which log it belongs to." }),
  at: z.iso.datetime().meta({ description: "When it was begun." }),
  first: z.int().min(0).meta({ description: "The place of its first entry." }),
  previous: Hash.meta({ description: "The hash of the entry before." }),
  frontier: z.array(Hash).meta({ description: "The Merkle tree of all entries before." }),
});
export type SegmentHeader = z.output<typeof SegmentHeader>;

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
  const parsed = SegmentHeader.safeParse(parseJson(body));
  return parsed.success ? { header: parsed.data, hash: own } : undefined;
}

/** Other prefixes than those of the tree, so that a header never passes for a leaf. */
function headerHash(body: string): TreeHash {
  return hash("sha256", `\u0002${body}`, "base64");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
