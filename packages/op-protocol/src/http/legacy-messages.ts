import { rpcCodes } from "../json-rpc/json-rpc-error.ts";
import {
  classifyMessage,
  type Classified,
  type RequestId,
  type RpcMessage,
  type RpcRequest,
} from "../json-rpc/json-rpc-message.ts";
import type { LegacyRevision } from "../revisions/revision.ts";
import type { Refusal } from "./refusal.ts";

/** What one POST carries. */
export interface Post {
  readonly isBatch: boolean;
  readonly messages: readonly RpcMessage[];
  readonly requests: readonly RpcRequest[];
  /** Questions of the server that are answered. */
  readonly answered: readonly RequestId[];
}

/** The last revision that has batches. */
const lastBatchRevision = "2025-03-26";
const mostMessages = 100;

function refuse(message: string): Refusal {
  return { status: 400, code: rpcCodes.invalidRequest, message };
}

type Valid = Exclude<Classified, { readonly kind: "invalid" }>;

function toMessage(valid: Valid): RpcMessage {
  if (valid.kind === "request") return valid.request;
  return valid.kind === "notification" ? valid.notification : valid.response;
}

function toRefusal({ id, problem }: Exclude<Classified, Valid>): Refusal {
  const refusal = refuse(`Invalid message: ${problem}.`);
  return id === undefined ? refusal : { ...refusal, id };
}

const none: readonly never[] = [];

function toAnswered(valid: Valid): readonly RequestId[] {
  return valid.kind === "response" && valid.response.id !== undefined ? [valid.response.id] : none;
}

/** Reads the messages of a body, or says why it has none. */
export function readMessages(value: unknown): Post | Refusal {
  return Array.isArray(value) ? readBatch(value) : readSole(value);
}

function readSole(value: unknown): Post | Refusal {
  const one = classifyMessage(value);
  if (one.kind === "invalid") return toRefusal(one);
  return {
    isBatch: false,
    messages: [toMessage(one)],
    requests: one.kind === "request" ? [one.request] : none,
    answered: toAnswered(one),
  };
}

function readBatch(values: readonly unknown[]): Post | Refusal {
  if (values.length === 0 || values.length > mostMessages)
    return refuse(`A batch has 1 to ${mostMessages} messages.`);
  const classified = values.map(classifyMessage);
  const invalid = classified.find((one) => one.kind === "invalid");
  if (invalid !== undefined) return toRefusal(invalid);
  const valid = classified.filter((one) => one.kind !== "invalid");
  return {
    isBatch: true,
    messages: valid.map(toMessage),
    requests: valid.flatMap((one) => (one.kind === "request" ? [one.request] : [])),
    answered: valid.flatMap(toAnswered),
  };
}

/** What is wrong with a POST as a batch, or nothing. */
export function findBatchProblem(
  { isBatch, requests }: Post,
  revision: LegacyRevision | undefined,
): Refusal | undefined {
  if (!isBatch) return undefined;
  if (revision === undefined || revision > lastBatchRevision)
    return refuse("Batches are not part of this session's protocol revision.");
  if (requests.some(({ method }) => method === "initialize"))
    return refuse("initialize must not be part of a batch.");
  return new Set(requests.map(({ id }) => id)).size === requests.length
    ? undefined
    : refuse("Two requests of the batch have the same id.");
}
