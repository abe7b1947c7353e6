import { hash } from "node:crypto";
import type { JsonObject } from "op-core";
import { canonicalJson } from "./canonical-json.ts";

/** What makes two calls the very same. */
export interface DigestedCall {
  readonly principalId: string;
  readonly source: string;
  readonly tool: string;
  readonly args: JsonObject;
  /** What the effect depends on besides the arguments, as the tool says. */
  readonly subject?: string;
}

/** The digest of a call: the same for the very same call, and for no other. It tells nothing of the arguments. */
export function digestCall({ principalId, source, tool, args, subject }: DigestedCall): string {
  return hash("sha256", canonicalJson([principalId, source, tool, args, subject ?? null]));
}
