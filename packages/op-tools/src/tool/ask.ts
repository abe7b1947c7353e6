import type { JsonObject } from "op-core";
import type { ObjectSchema } from "./tool-descriptor.ts";

/** A question to the person behind the client. */
export interface Question {
  /** Tells questions of one call apart; the same call asks the same question under the same key. */
  readonly key: string;
  readonly message: string;
  /** A flat object of primitive fields, as MCP's form elicitation allows. */
  readonly schema: ObjectSchema;
}

/** What the person said. */
export type Answer =
  | { readonly action: "accept"; readonly content: JsonObject }
  | { readonly action: "decline" }
  | { readonly action: "cancel" };

/**
 * Asks the person behind the client.
 *
 * A client of the newer protocol era can only be asked by ending the call and having it repeated with the answer. The
 * promise then rejects, with an error that must be let through, and the handler runs again from its start: ask before
 * changing anything. Rejects with `ERR_ASK_UNAVAILABLE` where the client cannot be asked.
 */
export type Ask = (question: Question) => Promise<Answer>;
