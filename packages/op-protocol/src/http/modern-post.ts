import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "op-core";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RequestId, RpcRequest, RpcResponse } from "../json-rpc/json-rpc-message.ts";
import { listenMethod } from "../methods/subscriptions.ts";
import { metaKeys, parseEnvelope, type Envelope } from "../revisions/envelope.ts";
import { metaOf } from "../server/dispatch.ts";
import type { Accepted } from "./content-negotiation.ts";
import { findMirrorProblem } from "./mirrored-headers.ts";
import { sendRefusal, type Refusal } from "./refusal.ts";
import { headerOf, traceOf, versionHeader } from "./request-headers.ts";
import { sendResult } from "./send-result.ts";
import type { Scope } from "./session-table.ts";
import { SseWriter, type SseRules } from "./sse-writer.ts";

/** A POST of the stateless era. */
export interface ModernPost {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly request: RpcRequest;
  readonly accepted: Accepted;
  readonly scope: Scope;
}

/** What answering takes besides. */
export interface ModernRules {
  readonly clock: Clock;
  readonly sse: SseRules;
  readonly streamAfterMs: number;
  readonly leaving: AbortSignal;
}

const clientLeft = new DOMException("The client closed the request.", "AbortError");

/** What the protocol itself answers has a status of its own; what a method answers is a success of HTTP. */
const statusByCode = new Map<number, number>([
  [rpcCodes.methodNotFound, 404],
  [rpcCodes.headerMismatch, 400],
  [rpcCodes.missingClientCapability, 400],
  [rpcCodes.unsupportedProtocolVersion, 400],
]);

function statusOf(response: RpcResponse): number {
  return "error" in response ? (statusByCode.get(response.error.code) ?? 200) : 200;
}

function mismatch(id: RequestId, problem: string): Refusal {
  const message = `Header mismatch: ${problem}.`;
  return { status: 400, code: rpcCodes.headerMismatch, message, id };
}

function readEnvelope(request: RpcRequest): Envelope | Refusal {
  try {
    return parseEnvelope(metaOf(request.params));
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
    const { rpcCode: code, message, rpcData } = error;
    const data = rpcData === undefined ? {} : { data: rpcData };
    return { status: 400, code, message, id: request.id, ...data };
  }
}

/** Reads what a request says of itself and checks that its headers say the same. */
function admit({ req, request, accepted, scope }: ModernPost): Envelope | Refusal {
  const { id, method } = request;
  const claimed = metaOf(request.params)[metaKeys.protocolVersion];
  if (typeof claimed === "string" && headerOf(req, versionHeader) !== claimed)
    return mismatch(id, "MCP-Protocol-Version is missing or does not match _meta in the body");
  const envelope = readEnvelope(request);
  if ("status" in envelope) return envelope;
  const { tools } = scope.view.server.host;
  const problem = findMirrorProblem(req, request, envelope.revision, (name) => tools.find(name));
  if (problem !== undefined) return mismatch(id, problem);
  if (method !== listenMethod || accepted.events) return envelope;
  const message = "What is listened to comes as text/event-stream, which Accept does not allow.";
  return { status: 406, code: rpcCodes.invalidRequest, message, id };
}

/** An answer that becomes a stream with the first thing to tell besides the result. */
class ModernReply {
  readonly #post: ModernPost;
  readonly #rules: ModernRules;
  #writer: SseWriter | undefined;

  constructor(post: ModernPost, rules: ModernRules) {
    this.#post = post;
    this.#rules = rules;
    if (!post.accepted.json) this.#open();
  }

  /** Whether something of the answer has left, its status at least. */
  get hasBegun(): boolean {
    return this.#writer !== undefined;
  }

  tell(message: object): void {
    if (this.#post.accepted.events) this.#open().write({ data: JSON.stringify(message) });
  }

  /** Keeps the connection alive from now on, also when nothing is told. */
  keepAlive(): void {
    if (this.#post.accepted.events) this.#open();
  }

  async finish(response: RpcResponse): Promise<void> {
    const text = JSON.stringify(response);
    if (this.#writer === undefined) {
      await sendResult(this.#post.res, statusOf(response), text);
      return;
    }
    this.#writer.write({ data: text });
    this.#writer.end();
  }

  #open(): SseWriter {
    return (this.#writer ??= new SseWriter(this.#post.res, this.#rules.sse));
  }
}

/** Answers a request of the stateless era. A client that closes the connection cancels it. */
export async function serveModern(post: ModernPost, rules: ModernRules): Promise<void> {
  const { req, res, request, scope } = post;
  const envelope = admit(post);
  if ("status" in envelope) {
    sendRefusal(res, envelope);
    return;
  }
  const left = new AbortController();
  const onClose = (): void => left.abort(clientLeft);
  if (res.destroyed) return;
  res.once("close", onClose);
  const reply = new ModernReply(post, rules);
  let refusal: Refusal | undefined;
  const patience = rules.clock.startTimer(rules.streamAfterMs, () => reply.keepAlive());
  patience.unref();
  const response = await scope.view.server.answer({
    request,
    envelope,
    principal: scope.principal,
    transport: "http",
    ...traceOf(req),
    refuse: (error) => {
      refusal = reply.hasBegun ? undefined : scope.refusalFor?.(error);
      return refusal !== undefined;
    },
    signal: left.signal,
    leaving: rules.leaving,
    notify: (message) => reply.tell(message),
  });
  res.off("close", onClose);
  patience[Symbol.dispose]();
  if (left.signal.aborted) return;
  if (refusal === undefined) await reply.finish(response);
  else sendRefusal(res, { ...refusal, id: request.id });
}
