import { hash } from "node:crypto";
import { canonicalJson } from "op-core";
import type { InputRequest } from "op-protocol";
import { unnamedKey } from "op-protocol/client";

/**
 * The keys under which the questions of one call are asked. No two questions have the same one: an answer to another
 * question must never be taken for this one's, also where the server uses a key again or names none.
 */
export class QuestionKeys {
  /** What was asked under each key that a server named. */
  readonly #asked = new Map<string, string>();

  keyFor(named: string, request: InputRequest): string {
    const digest = hash("sha256", canonicalJson({ ...request })).slice(0, 16);
    if (named === unnamedKey) return `${named}_${digest}`;
    const before = this.#asked.get(named) ?? digest;
    this.#asked.set(named, before);
    return before === digest ? named : `${named}_${digest}`;
  }
}
