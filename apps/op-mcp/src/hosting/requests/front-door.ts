import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, Logger } from "op-core";
import type {
  HttpCaller,
  HttpHandler,
  SseHandler,
  Upgrade,
  WebSocketHandler,
} from "op-protocol/http";
import { addressOf } from "../../auth/auth-request.ts";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { Challenges } from "../../auth/challenges.ts";
import type { ResourceMetadata } from "../../auth/oauth/resource-metadata.ts";
import { isLoopbackHost } from "../../auth/guard/listen-address.ts";
import { toAuthRequest } from "../../auth/node-request.ts";
import { metricsContentType } from "../../metrics/render-metrics.ts";
import type { ServeConfig } from "../serve-config.ts";
import type { Readiness } from "../status/readiness.ts";
import type { Traffic } from "../status/traffic.ts";
import type { ToolViews } from "../views/tool-views.ts";
import { answerCrossOrigin } from "./cross-origin.ts";
import type { Entrance } from "./entrance.ts";
import type { OpenVisits } from "./open-visits.ts";
import type { RefusalLog } from "./refusal-log.ts";
import {
  byAuth,
  byGuard,
  byScopes,
  discard,
  endWithRefusal,
  internal,
  leaving,
  methodNotAllowed,
  notFound,
  sendHttpRefusal,
  toMcpRefusal,
  upgradeRequired,
  versionNotSpoken,
  type HttpRefusal,
} from "./refusals.ts";
import { findRoute, pathOf, type Route } from "./route.ts";
import { beginVisit, type Visit } from "./visit.ts";

/** What MCP is served with, by transport. */
export interface Endpoints {
  readonly mcp: HttpHandler;
  readonly sse: SseHandler;
  readonly webSocket: WebSocketHandler;
}

/** What the front door leads to, and who guards it. */
export interface FrontDoorOptions {
  readonly config: Pick<ServeConfig, "metrics" | "limits">;
  readonly endpoints: Endpoints;
  readonly views: ToolViews;
  readonly authenticator: Authenticator;
  readonly challenges: Challenges;
  readonly resourceMetadata: ResourceMetadata | undefined;
  readonly readiness: Readiness;
  readonly renderMetrics: () => string;
  readonly visits: OpenVisits;
  readonly traffic: Traffic;
  readonly refusals: RefusalLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a request over HTTP has besides the request. */
interface Answering {
  readonly visit: Visit;
  readonly res: ServerResponse;
  /** Whether the client waits for a word before it sends its body. */
  readonly mustContinue: boolean;
}

const spoken: ReadonlySet<string> = new Set(["1.0", "1.1"]);

type McpRoute = Extract<Route, { readonly view: string }>;
type PlainRoute = Exclude<Route, McpRoute>;

/**
 * Where every request comes in, whichever listener it came by: it finds out whether the request is for this server, what
 * it is for and who sends it, in this order, and hands it on or turns it away. What is turned away is in the audit log.
 */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  #isLeaving = false;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  /** From now on, only what is about the server's health is answered. */
  close(): void {
    this.#isLeaving = true;
  }

  /** Answers one request. Never rejects. */
  async answer(
    req: IncomingMessage,
    res: ServerResponse,
    entrance: Entrance,
    mustContinue = false,
  ): Promise<void> {
    const visit = this.#begin(req, res, entrance, () => (res.headersSent ? res.statusCode : 0));
    res.on("error", () => undefined);
    res.setHeader("x-request-id", visit.id);
    res.setHeader("x-content-type-options", "nosniff");
    try {
      const refusal = await this.#admit({ visit, res, mustContinue }, entrance);
      if (refusal !== undefined) this.#refuse(visit, res, refusal);
    } catch (error) {
      if (visit.signal.aborted) return;
      this.#options.logger.error("a request failed unexpectedly", { error, requestId: visit.id });
      if (res.headersSent) res.destroy();
      else this.#refuse(visit, res, internal);
    }
  }

  /** Takes or refuses a request for WebSocket. Never rejects. */
  async upgrade(upgrade: Upgrade, entrance: Entrance): Promise<void> {
    const { req, socket } = upgrade;
    socket.on("error", () => undefined);
    let status = 101;
    const visit = this.#begin(req, socket, entrance, () => status);
    const refuse = (refusal: HttpRefusal): void => {
      ({ status } = refusal);
      endWithRefusal(socket, refusal, visit.id);
    };
    try {
      const caller = await this.#admitUpgrade(visit, entrance);
      if ("status" in caller) refuse(caller);
      else await this.#options.endpoints.webSocket.handleUpgrade(upgrade, caller);
    } catch (error) {
      if (visit.signal.aborted) return;
      this.#options.logger.error("an upgrade failed unexpectedly", { error, requestId: visit.id });
      refuse(internal);
    }
  }

  #begin(
    req: IncomingMessage,
    carrier: ServerResponse | Duplex,
    { facts }: Entrance,
    statusOf: () => number,
  ): Visit {
    const { visits, clock } = this.#options;
    const auth = toAuthRequest(req, facts);
    const visit = beginVisit({
      req,
      path: pathOf(auth.url),
      auth,
      carrier,
      nowMs: clock.monotonic(),
      onOver: (ended) => this.#over(ended, statusOf()),
    });
    visits.add(visit);
    return visit;
  }

  #over(visit: Visit, status: number): void {
    const { visits, traffic, refusals } = this.#options;
    visits.remove(visit);
    traffic.answered(visit.route, status);
    if (status < 400 || visit.isTold) return;
    const { id, auth, caller, path, req } = visit;
    refusals.note({
      event: "call-refused",
      address: addressOf(auth.peer),
      reason: `http-${status}`,
      requestId: id,
      ...(caller === undefined ? {} : { principal: caller.principal.id }),
      details: { method: req.method ?? "", path: path.slice(0, 200), route: visit.route },
    });
  }

  async #admit(answering: Answering, entrance: Entrance): Promise<HttpRefusal | undefined> {
    const { visit, res } = answering;
    const unsuitable = this.#findUnsuitable(visit, entrance);
    if (unsuitable !== undefined) return unsuitable;
    const route = findRoute(visit.path);
    visit.route = route?.kind ?? "none";
    if (answerCrossOrigin(visit.req, res)) return undefined;
    if (route === undefined) return notFound;
    if ("view" in route) return await this.#serve(route, answering);
    return await this.#answerPlain(route, answering);
  }

  #findUnsuitable({ req, auth }: Visit, { guard }: Entrance): HttpRefusal | undefined {
    // Node would answer whatever version a request claims.
    if (!spoken.has(req.httpVersion)) return versionNotSpoken;
    const refusal = guard(auth);
    return refusal === undefined ? undefined : byGuard(refusal);
  }

  async #serve(route: McpRoute, answering: Answering): Promise<HttpRefusal | undefined> {
    if (route.kind === "ws") return upgradeRequired;
    const { visit, res, mustContinue } = answering;
    const caller = await this.#callerOf(route, visit);
    if ("status" in caller) return caller;
    // A body that is too large anyway is not asked for.
    if (mustContinue && !this.#isTooLarge(visit)) res.writeContinue();
    const { mcp, sse } = this.#options.endpoints;
    await (route.kind === "sse" ? sse : mcp).handle(visit.req, res, caller);
    return undefined;
  }

  #isTooLarge({ req }: Visit): boolean {
    return Number(req.headers["content-length"] ?? 0) > this.#options.config.limits.maxBodyBytes;
  }

  async #admitUpgrade(visit: Visit, entrance: Entrance): Promise<HttpCaller | HttpRefusal> {
    const unsuitable = this.#findUnsuitable(visit, entrance);
    if (unsuitable !== undefined) return unsuitable;
    const route = findRoute(visit.path);
    visit.route = route?.kind ?? "none";
    return route?.kind === "ws" ? await this.#callerOf(route, visit) : notFound;
  }

  /** Who asks, and for what. Which views there are is told to nobody who is not let in. */
  async #callerOf({ view }: McpRoute, visit: Visit): Promise<HttpCaller | HttpRefusal> {
    if (this.#isLeaving) return leaving;
    const refusal = await this.#authenticate(visit);
    if (refusal !== undefined) return refusal;
    const { views, challenges } = this.#options;
    const found = views.find(view);
    if (found === undefined || visit.caller === undefined) return notFound;
    const { principal } = visit.caller;
    return {
      principal,
      view: found,
      refusalFor: (error) => {
        const narrow = byScopes(error, principal, challenges);
        return narrow === undefined ? undefined : toMcpRefusal(narrow, visit.id);
      },
    };
  }

  async #authenticate(visit: Visit): Promise<HttpRefusal | undefined> {
    const { authenticator, traffic } = this.#options;
    const result = await authenticator.authenticate(visit.auth, { signal: visit.signal });
    if (result.kind === "refused") {
      visit.isTold = true;
      traffic.refused(result.code);
      return byAuth(result);
    }
    visit.caller = result;
    return undefined;
  }

  async #answerPlain(
    { kind }: PlainRoute,
    { visit, res }: Answering,
  ): Promise<HttpRefusal | undefined> {
    if (visit.req.method !== "GET" && visit.req.method !== "HEAD") return methodNotAllowed("GET");
    if (kind === "health") sendText(res, 200, "application/json", `{"status":"ok"}\n`);
    else if (kind === "ready") {
      const { isReady, body } = await this.#options.readiness.report(visit.signal);
      sendText(res, isReady ? 200 : 503, "application/json", body);
    } else if (kind === "metrics") return await this.#answerMetrics(visit, res);
    else return this.#answerMetadata(visit, res);
    return undefined;
  }

  async #answerMetrics(visit: Visit, res: ServerResponse): Promise<HttpRefusal | undefined> {
    const { config, renderMetrics } = this.#options;
    if (config.metrics === "off") return notFound;
    if (config.metrics === "authenticated" || !isFromThisMachine(visit)) {
      const refusal = await this.#authenticate(visit);
      if (refusal !== undefined) return refusal;
    }
    sendText(res, 200, metricsContentType, renderMetrics());
    return undefined;
  }

  #answerMetadata({ path }: Visit, res: ServerResponse): HttpRefusal | undefined {
    const answer = this.#options.resourceMetadata?.answer(path);
    if (answer === undefined) return notFound;
    res.writeHead(answer.status, { ...answer.headers }).end(answer.body);
    return undefined;
  }

  #refuse({ req, id }: Visit, res: ServerResponse, refusal: HttpRefusal): void {
    sendHttpRefusal(res, refusal, id);
    // What nobody reads would keep the connection; a client that sends more than a little is not waited for.
    discard(req);
  }
}

function isFromThisMachine({ auth }: Visit): boolean {
  return auth.peer.kind === "unix" || isLoopbackHost(auth.peer.address);
}

function sendText(res: ServerResponse, status: number, type: string, body: string): void {
  const length = Buffer.byteLength(body);
  res.writeHead(status, {
    "content-type": type,
    "content-length": length,
    "cache-control": "no-store",
  });
  res.end(body);
}
