import { isJsonObject, type JsonObject } from "op-core";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RpcRequest } from "../json-rpc/json-rpc-message.ts";
import { inputKeyMetaKey } from "../revisions/envelope.ts";
import type { InputRequest, InputRequests, InputResponses } from "../server/client-input.ts";
import type { RequestOrigin } from "./rpc-peer.ts";

/** What surrounds a question. */
export interface QuestionContext {
  readonly signal: AbortSignal;
  /** Ends the request that is worked on, also long after its caller's signal has lost its meaning. */
  giveUp(reason: Error): void;
}

/** Who answers what a server asks while it works on a request. */
export interface InputAnswerer {
  /** Requests of one session have one person behind them: between them a question need not be told apart. */
  readonly session: string;
  answer(requests: InputRequests, context: QuestionContext): Promise<InputResponses>;
}

const inputMethods: readonly InputRequest["method"][] = [
  "elicitation/create",
  "sampling/createMessage",
  "roots/list",
];

function isInputMethod(method: string): method is InputRequest["method"] {
  return inputMethods.some((known) => known === method);
}

function toInputRequest(method: string, params: JsonObject | undefined): InputRequest {
  if (!isInputMethod(method))
    throw new JsonRpcError(rpcCodes.methodNotFound, `Method not found: ${method}`);
  return params === undefined ? { method } : { method, params };
}

/** Whose question it is. One that could belong to several people goes to none of them. */
function findAnswerer(
  { about, inFlight }: RequestOrigin<InputAnswerer>,
  otherwise: InputAnswerer | undefined,
): InputAnswerer {
  const sessions = new Set(inFlight.map(({ session }) => session));
  const found = about ?? (sessions.size === 1 ? inFlight.at(-1) : undefined);
  if (found !== undefined) return found;
  if (sessions.size === 0 && otherwise !== undefined) return otherwise;
  throw new JsonRpcError(
    rpcCodes.invalidRequest,
    sessions.size === 0
      ? "There is nobody to ask: no request is being worked on."
      : "Several clients share this connection, and the question does not say whom it is for.",
  );
}

/** Stands for the key of a question that does not say one. */
export const unnamedKey = "question";

/** The key that servers like ours name; one that is not spelt like a key is none. */
function keyIn(params: JsonObject | undefined): string | undefined {
  const meta = params?.["_meta"];
  const key = isJsonObject(meta) ? meta[inputKeyMetaKey] : undefined;
  return typeof key === "string" && /^[\w.:/-]{1,128}$/u.test(key) ? key : undefined;
}

/** Answers a request of a server of the handshake era. */
export async function answerRequest(
  { method, params }: RpcRequest,
  origin: RequestOrigin<InputAnswerer>,
  otherwise: InputAnswerer | undefined,
): Promise<JsonObject> {
  if (method === "ping") return {};
  const request = toInputRequest(method, params);
  const key = keyIn(params) ?? unnamedKey;
  const answerer = findAnswerer(origin, otherwise);
  const answers = await answerer.answer(
    { [key]: request },
    { signal: origin.signal, giveUp: (reason) => origin.giveUp(answerer, reason) },
  );
  return answers[key] ?? {};
}

/** What a server of the stateless era wants before it goes on, or nothing when it is done. */
export interface InputDemand {
  readonly requests: InputRequests;
  /** What has to be sent back unread. */
  readonly state: JsonObject;
}

/** Reads a result that is not the last word. */
export function parseInputDemand(result: JsonObject): InputDemand | undefined {
  if (result["resultType"] !== "input_required") return undefined;
  const { inputRequests, requestState } = result;
  const asked = isJsonObject(inputRequests) ? Object.entries(inputRequests) : [];
  const requests = asked.map(([key, value]) => {
    const { method, params } = isJsonObject(value) ? value : {};
    return [
      key,
      toInputRequest(
        typeof method === "string" ? method : "",
        isJsonObject(params) ? params : undefined,
      ),
    ] as const;
  });
  return {
    requests: Object.fromEntries(requests),
    state: requestState === undefined ? {} : { requestState },
  };
}
