import { createHash, randomUUID } from "node:crypto";
import { type Clock, isJsonObject, type JsonObject } from "op-core";
import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import type { Exchange } from "./exchange.ts";
import type { Seal } from "./seal.ts";

/** Answers by the key of their question. */
export type Answers = Readonly<Record<string, JsonObject>>;

/** Carries what a call was already told across its repetitions, through the client. */
export interface RequestStates {
  /** State for a call that ends with questions; `answers` are those it already has. */
  mint(exchange: Exchange, asked: readonly string[], answers: Answers): string;
  /** The answers a repeated call brings: those in its state, and those it was asked for. */
  redeem(exchange: Exchange): Answers;
}

interface State {
  readonly nonce: string;
  readonly principal: string;
  readonly digest: string;
  readonly expiresAt: number;
  readonly asked: readonly string[];
  readonly answers: Answers;
}

/** Long enough for a person to read a question and answer it. */
const lifetimeMs = 10 * 60_000;
const rememberedNonces = 10_000;

function parseState(text: string): State | undefined {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) return undefined;
  const { nonce, principal, digest, expiresAt, asked, answers } = value;
  if (typeof nonce !== "string" || typeof principal !== "string" || typeof digest !== "string")
    return undefined;
  if (typeof expiresAt !== "number" || !isJsonObject(answers) || !Array.isArray(asked))
    return undefined;
  return {
    nonce,
    principal,
    digest,
    expiresAt,
    asked: asked.filter((key) => typeof key === "string"),
    answers: pickObjects(answers, Object.keys(answers)),
  };
}

function pickObjects(values: JsonObject, keys: readonly string[]): Answers {
  const entries = keys.map((key) => [key, values[key]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1])),
  );
}

/** What makes two requests the same one: the method and everything it acts on. */
function digestOf({ method, params }: Exchange): string {
  const { name, uri, arguments: args } = params;
  return createHash("sha256")
    .update(JSON.stringify([method, name ?? uri ?? null, args ?? null]))
    .digest("base64url");
}

/**
 * Seals the state of a call to its principal, its parameters and a lifetime. Each state is good for one repetition: a
 * replayed one is treated as absent, so that the question is asked again.
 */
export function createRequestStates(seal: Seal, clock: Clock): RequestStates {
  const used = new Set<string>();
  const spend = (nonce: string): boolean => {
    if (used.has(nonce)) return false;
    used.add(nonce);
    if (used.size > rememberedNonces)
      for (const oldest of used.values().take(1)) used.delete(oldest);
    return true;
  };
  return {
    mint: (exchange, asked, answers) => {
      const state = {
        nonce: randomUUID(),
        principal: exchange.principal.id,
        digest: digestOf(exchange),
        expiresAt: clock.now() + lifetimeMs,
        asked,
        answers,
      } satisfies State;
      return seal.close(JSON.stringify(state));
    },
    redeem: (exchange) => {
      const sealed = exchange.params["requestState"];
      if (sealed === undefined) return {};
      const text = typeof sealed === "string" ? seal.open(sealed) : undefined;
      const state = text === undefined ? undefined : parseState(text);
      if (
        state === undefined ||
        state.principal !== exchange.principal.id ||
        state.digest !== digestOf(exchange)
      ) {
        throw invalidParams(
          "requestState was not made by this server for this request. Send the request without it.",
        );
      }
      if (state.expiresAt < clock.now() || !spend(state.nonce)) return {};
      const responses = exchange.params["inputResponses"];
      if (!isJsonObject(responses)) return state.answers;
      return { ...state.answers, ...pickObjects(responses, state.asked) };
    },
  };
}
