import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "op-core";
import { rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RpcMessage, RpcRequest } from "../json-rpc/json-rpc-message.ts";
import { isLegacyRevision, modernRevisions } from "../revisions/revision.ts";
import type { SessionStore } from "../sessions/session-store.ts";
import type { Sender } from "../transports/transport.ts";
import { parseEventId, writeEvent, type StreamPosition } from "./event-stream.ts";
import type { HttpSession } from "./http-session.ts";
import { findBatchProblem, readMessages, type Post } from "./legacy-messages.ts";
import { parseAccept, type Accepted } from "./content-negotiation.ts";
import {
  sendJson,
  sendRefusal,
  serverErrorCode,
  sessionNotFoundCode,
  type Refusal,
} from "./refusal.ts";
import { PostReply } from "./reply.ts";
import {
  headerOf,
  lastEventHeader,
  sessionHeader,
  traceOf,
  versionHeader,
} from "./request-headers.ts";
import { sendAccepted } from "./send-accepted.ts";
import type { Scope, SessionTable } from "./session-table.ts";
import { SseWriter, type SseRules } from "./sse-writer.ts";

/** What serving the handshake era takes. */
export interface LegacySideOptions {
  readonly table: SessionTable;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly sse: SseRules;
  readonly streamAfterMs: number;
  readonly retryMs: number;
}

/** A request of HTTP and who it is for. */
export interface LegacyRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly scope: Scope;
  /** Nothing new is begun any more. */
  readonly isDraining: boolean;
}

/** Clients that come too early or too late hear when to try again. */
export const busyRefusal: Refusal = {
  status: 503,
  code: serverErrorCode,
  message: "The server takes no new work at the moment. Try again later.",
  headers: { "retry-after": "5" },
};

function refuse(status: number, message: string, code: number = rpcCodes.invalidRequest): Refusal {
  return { status, code, message };
}

function senderOf({ req, scope }: LegacyRequest): Sender {
  return { principal: scope.principal, ...traceOf(req) };
}

/** Streamable HTTP as the revisions before 2026-07-28 have it: sessions, streams that can be resumed, and an end. */
export class LegacySide {
  readonly #options: LegacySideOptions;

  constructor(options: LegacySideOptions) {
    this.#options = options;
  }

  /** Takes what a client posts; resolves when it is answered. */
  async post(request: LegacyRequest, value: unknown, accepted: Accepted): Promise<void> {
    const refusal = await this.#post(request, value, accepted);
    if (refusal !== undefined) sendRefusal(request.res, refusal);
  }

  /** Opens the stream on which a client listens, or goes on with one that was cut; resolves when it is open. */
  async get(request: LegacyRequest): Promise<void> {
    const refusal = await this.#get(request);
    if (refusal !== undefined) sendRefusal(request.res, refusal);
  }

  /** Ends a session. */
  async delete({ req, res, scope }: LegacyRequest): Promise<void> {
    const session = await this.#find(req, scope);
    if ("status" in session) {
      sendRefusal(res, session);
      return;
    }
    await this.#options.table.remove(session.id);
    res.writeHead(204).end();
  }

  async #post(
    request: LegacyRequest,
    value: unknown,
    accepted: Accepted,
  ): Promise<Refusal | undefined> {
    const post = readMessages(value);
    if ("status" in post) return post;
    const { req, scope, res, isDraining } = request;
    // What is in flight can only end when the answers to its questions still come in.
    if (isDraining && post.requests.length > 0) return busyRefusal;
    const [first] = post.requests;
    if (first?.method === "initialize" && !post.isBatch)
      return await this.#initialize(request, first, accepted);
    const session = await this.#find(req, scope);
    if ("status" in session) return session;
    const problem = this.#findProblem(session, post);
    if (problem !== undefined) return problem;
    if (post.requests.length > 0) {
      await this.#answer(session, post, { request, accepted });
      return undefined;
    }
    await session.receive(post.messages, senderOf(request));
    sendAccepted(res);
    return undefined;
  }

  async #initialize(
    request: LegacyRequest,
    message: RpcRequest,
    accepted: Accepted,
  ): Promise<Refusal | undefined> {
    const { res, scope } = request;
    const { table } = this.#options;
    const session = await table.create(scope);
    if (session === undefined) return busyRefusal;
    let answer: RpcMessage | undefined;
    const keep = (given: RpcMessage): boolean => {
      answer = given;
      return true;
    };
    const reply = { send: keep, forgo: () => undefined };
    await session.receive([message], senderOf(request), reply);
    if (!session.isOpen) await table.drop(session.id);
    else await session.save();
    const text = JSON.stringify(answer);
    const headers = session.isOpen ? { [sessionHeader]: session.id } : {};
    if (accepted.json) {
      sendJson(res, session.isOpen ? 200 : 400, text, headers);
    } else if (!res.destroyed) {
      const writer = new SseWriter(res, this.#options.sse, headers);
      writer.write({ data: text });
      writer.end();
    }
    return undefined;
  }

  #findProblem(session: HttpSession, post: Post): Refusal | undefined {
    const problem = findBatchProblem(post, session.revision);
    if (problem !== undefined) return problem;
    for (const { id } of post.requests) {
      if (session.isAwaited(id))
        return { ...refuse(400, `Request ${JSON.stringify(id)} is still in flight.`), id };
    }
    const isForeign = post.answered.some((id) => !session.asked(id));
    return isForeign && session.isAdopted
      ? refuse(409, "The question was asked by another process of this server, or is over.")
      : undefined;
  }

  #answer(
    session: HttpSession,
    { messages, requests, isBatch }: Post,
    { request, accepted }: { readonly request: LegacyRequest; readonly accepted: Accepted },
  ): Promise<void> {
    const { clock, sse, streamAfterMs } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const reply = new PostReply({
      res: request.res,
      accepted,
      ids: requests.map(({ id }) => id),
      isBatch,
      clock,
      sse,
      streamAfterMs,
      createStream: () => session.createStream(),
      onDone: (stream) => {
        if (stream !== undefined) session.forget(stream);
        resolve();
      },
    });
    const sender: Sender = {
      ...senderOf(request),
      refuse: (error) => reply.refuse(request.scope.refusalFor?.(error)),
    };
    void session.receive(messages, sender, reply);
    return promise;
  }

  async #get({ req, res, scope, isDraining }: LegacyRequest): Promise<Refusal | undefined> {
    const { sse } = this.#options;
    if (!parseAccept(headerOf(req, "accept")).events)
      return refuse(406, "What is listened to comes as text/event-stream; Accept must allow it.");
    const session = await this.#find(req, scope);
    if ("status" in session) return session;
    const lastEvent = headerOf(req, lastEventHeader);
    if (lastEvent !== undefined) {
      const position = parseEventId(lastEvent);
      return position === undefined
        ? refuse(400, "Last-Event-ID is not one this server gave.")
        : await this.#resume(session, position, () => new SseWriter(res, sse));
    }
    if (isDraining) return busyRefusal;
    session.listen(new SseWriter(res, sse));
    return undefined;
  }

  async #resume(
    session: HttpSession,
    { stream, after }: StreamPosition,
    open: () => SseWriter,
  ): Promise<Refusal | undefined> {
    const { store, retryMs } = this.#options;
    const gone = refuse(400, "What followed Last-Event-ID is no longer kept.");
    const live = session.findStream(stream);
    if (live !== undefined) return (await live.resume(after, open)) ? undefined : gone;
    const replay = await store.replay({ session: session.id, stream }, after);
    if (replay === undefined) return gone;
    const writer = open();
    for (const event of replay.events) writeEvent(writer, stream, event);
    // It goes on in another process: the client comes back for what is written until then.
    if (!replay.isEnded) writer.write({ retryMs });
    writer.end();
    return undefined;
  }

  async #find(req: IncomingMessage, scope: Scope): Promise<HttpSession | Refusal> {
    const version = headerOf(req, versionHeader);
    if (version !== undefined && !isLegacyRevision(version)) {
      return {
        ...refuse(400, "Unsupported protocol version", rpcCodes.unsupportedProtocolVersion),
        data: { supported: [...modernRevisions], requested: version },
      };
    }
    const id = headerOf(req, sessionHeader);
    if (id === undefined)
      return refuse(400, "Mcp-Session-Id is missing: send initialize first.", serverErrorCode);
    return (
      (await this.#options.table.find(id, scope)) ??
      refuse(404, "There is no such session: send initialize again.", sessionNotFoundCode)
    );
  }
}
