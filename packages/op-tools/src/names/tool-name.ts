import { hash } from "node:crypto";
import { InvalidToolNameError } from "../tool-error.ts";

declare const brand: unique symbol;

/** A name that every client accepts: `^[A-Za-z0-9_-]{1,48}$`. */
export type ToolName = string & { readonly [brand]: "ToolName" };

/** Some clients cut names at 64 with a prefix of their own in front. */
const greatestLength = 48;
const digestLength = 8;
const grammar = /^[A-Za-z0-9_-]{1,48}$/;

/** Whether every client accepts the name. */
export function isToolName(name: string): name is ToolName {
  return grammar.test(name);
}

/** The name itself, or an `ERR_TOOL_NAME_INVALID`. */
export function parseToolName(name: string): ToolName {
  if (!isToolName(name)) throw new InvalidToolNameError(name);
  return name;
}

/** A name of the same origin that nobody else has: shortened, with a digest of the whole original at its end. */
export function toDistinctToolName(raw: string): ToolName {
  const digest = hash("sha256", raw).slice(0, digestLength);
  const stem = spell(raw).slice(0, greatestLength - digestLength - 1);
  return parseToolName(`${stem}_${digest}`);
}

/**
 * The nearest name that every client accepts, the same in every run: runs of other characters become one underscore,
 * and what is too long or would be empty is told apart by a digest.
 */
export function toToolName(raw: string): ToolName {
  const name = spell(raw);
  return isToolName(name) ? name : toDistinctToolName(raw);
}

function spell(raw: string): string {
  return raw.replaceAll(/[^A-Za-z0-9_-]+/g, "_");
}
