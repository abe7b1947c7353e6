import { isJsonObject, type JsonObject } from "op-core";
import { AskUnavailableError, CallSuspendedError, type Ask } from "op-tools";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import { inputKeyMetaKey } from "../revisions/envelope.ts";
import type { Exchange, LegacySession } from "./exchange.ts";
import type { Answers, RequestStates } from "./request-state.ts";

/** Something only the client can answer: a person's input, a completion of its model, its roots. */
export interface InputRequest {
  readonly method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  readonly params?: JsonObject;
}

/** Requests by a key that is the same each time the call runs. */
export type InputRequests = Readonly<Record<string, InputRequest>>;

/** What the client answered, by the key of the request. Not checked: it is the client's word. */
export type InputResponses = Readonly<Record<string, JsonObject>>;

/** Has requests answered by the client of one call. */
export type RequestInputs = (requests: InputRequests) => Promise<InputResponses>;

/** Whether the client can show a form. An empty object means forms, as before there were other modes. */
function canShowForm(capabilities: JsonObject): boolean {
  const modes = capabilities["elicitation"];
  return isJsonObject(modes) && ("form" in modes || !("url" in modes));
}

/** What a client must be able to do for a request, where it did not say that it is. */
function missingCapability(
  { method, params }: InputRequest,
  capabilities: JsonObject,
): JsonObject | undefined {
  if (method === "sampling/createMessage")
    return isJsonObject(capabilities["sampling"]) ? undefined : { sampling: {} };
  if (method === "roots/list")
    return isJsonObject(capabilities["roots"]) ? undefined : { roots: {} };
  if (params?.["mode"] !== "url")
    return canShowForm(capabilities) ? undefined : { elicitation: { form: {} } };
  const modes = capabilities["elicitation"];
  return isJsonObject(modes) && "url" in modes ? undefined : { elicitation: { url: {} } };
}

const missingByError = new WeakMap<Error, JsonObject>();

function refuse({ method, params }: InputRequest, missing: JsonObject): AskUnavailableError {
  const text = params?.["message"];
  const error = new AskUnavailableError(typeof text === "string" ? text : method);
  missingByError.set(error, missing);
  return error;
}

/**
 * What a request is answered with that failed because the client cannot be asked: the stateless era has an error of its
 * own for it. Any other error stays what it is.
 */
export function toCapabilityError(error: unknown, { speech }: Exchange): unknown {
  if (speech.era !== "modern" || !(error instanceof AskUnavailableError)) return error;
  const requiredCapabilities = missingByError.get(error) ?? { elicitation: { form: {} } };
  return new JsonRpcError(rpcCodes.missingClientCapability, error.message, {
    requiredCapabilities,
  });
}

function withKey(key: string, params: JsonObject = {}): JsonObject {
  const meta = params["_meta"];
  return { ...params, _meta: { ...(isJsonObject(meta) ? meta : {}), [inputKeyMetaKey]: key } };
}

async function requestOne(
  session: LegacySession,
  [key, { method, params }]: readonly [string, InputRequest],
  { id: about, signal }: Exchange,
): Promise<JsonObject> {
  try {
    return await session.requestClient({ method, params: withKey(key, params), about, signal });
  } catch (error) {
    // The client's error is about our question; passed on, it would look like one about the client's own request.
    throw error instanceof JsonRpcError ? new AskUnavailableError(error.message) : error;
  }
}

async function requestFromSession(
  session: LegacySession,
  requests: InputRequests,
  exchange: Exchange,
): Promise<InputResponses> {
  const asked = Object.entries(requests).map(
    async (entry) => [entry[0], await requestOne(session, entry, exchange)] as const,
  );
  return Object.fromEntries(await Promise.all(asked));
}

/** Ends the call with the requests that have no answer yet; the client repeats it with them. */
function requestByRepetition(exchange: Exchange, states: RequestStates): RequestInputs {
  let answers: Answers | undefined;
  return (requests) => {
    answers ??= states.redeem(exchange);
    const known = answers;
    const open = Object.entries(requests).filter(([key]) => !Object.hasOwn(known, key));
    if (open.length === 0) {
      const entries = Object.keys(requests).map((key) => [key, known[key] ?? {}] as const);
      return Promise.resolve(Object.fromEntries(entries));
    }
    const keys = open.map(([key]) => key);
    const result = {
      resultType: "input_required",
      inputRequests: Object.fromEntries(open),
      requestState: states.mint(exchange, keys, known),
    };
    return Promise.reject(new CallSuspendedError(keys.join(", "), result));
  };
}

/** The way to the client of one exchange, whichever era it speaks. Refuses what the client did not say it can do. */
export function createRequestInputs(exchange: Exchange, states: RequestStates): RequestInputs {
  const { speech, capabilities } = exchange;
  const send: RequestInputs =
    speech.era === "modern"
      ? requestByRepetition(exchange, states)
      : (requests) => requestFromSession(speech.session, requests, exchange);
  return async (requests) => {
    for (const request of Object.values(requests)) {
      const missing = missingCapability(request, capabilities);
      if (missing !== undefined) throw refuse(request, missing);
    }
    return await send(requests);
  };
}

/** Registered with the runtime, because a plugin finds it with a copy of this package that is its own. */
const wayToClient = Symbol.for("op-protocol.way-to-client");

interface BoundAsk extends Ask {
  readonly [wayToClient]?: RequestInputs;
}

/** Remembers the way to the client behind an `ask`, which is the one part every copy of a call's context keeps. */
export function bindAsk(ask: Ask, way: RequestInputs): Ask {
  return Object.assign(ask, { [wayToClient]: way });
}

/**
 * Has requests answered by the client behind an `ask`. A client of the stateless era is asked as {@link Ask} says: the
 * promise rejects with an error that must be let through, and the call runs again. Rejects where the client cannot
 * answer one of them.
 */
export function requestInputs(ask: BoundAsk, requests: InputRequests): Promise<InputResponses> {
  const send = ask[wayToClient];
  return send === undefined
    ? Promise.reject(new AskUnavailableError("this call did not come from an MCP client"))
    : send(requests);
}
