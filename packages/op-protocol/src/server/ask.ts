import {
  AskUnavailableError,
  CallSuspendedError,
  type Answer,
  type Ask,
  type Question,
} from "op-tools";
import { JsonRpcError } from "../json-rpc/json-rpc-error.ts";
import { isJsonObject } from "../json-rpc/json-rpc-message.ts";
import type { Exchange, LegacySession } from "./exchange.ts";
import type { Answers, RequestStates } from "./request-state.ts";

/** Whether the client can show a form. An empty object means forms, as before there were other modes. */
function canShowForm({ capabilities }: Exchange): boolean {
  const modes = capabilities["elicitation"];
  return isJsonObject(modes) && ("form" in modes || !("url" in modes));
}

function parseAnswer(value: unknown): Answer {
  if (!isJsonObject(value)) return { action: "cancel" };
  const { action, content } = value;
  if (action === "accept") return { action, content: isJsonObject(content) ? content : {} };
  return { action: action === "decline" ? "decline" : "cancel" };
}

function toParams({ message, schema }: Question): object {
  return { message, requestedSchema: schema };
}

async function askSession(
  session: LegacySession,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const answer = await session.requestClient("elicitation/create", toParams(question), signal);
    return parseAnswer(answer);
  } catch (error) {
    // The client's error is about our question; passed on, it would look like one about the client's own request.
    throw error instanceof JsonRpcError ? new AskUnavailableError(error.message) : error;
  }
}

/** Ends the call with a question; the client repeats it with the answer. */
function askByRepetition(exchange: Exchange, states: RequestStates): Ask {
  let answers: Answers | undefined;
  return (question) => {
    answers ??= states.redeem(exchange);
    const answer = answers[question.key];
    if (answer !== undefined) return Promise.resolve(parseAnswer(answer));
    const result = {
      resultType: "input_required",
      inputRequests: {
        [question.key]: { method: "elicitation/create", params: toParams(question) },
      },
      requestState: states.mint(exchange, question.key, answers),
    };
    return Promise.reject(new CallSuspendedError(question.key, result));
  };
}

/** The one way to ask the person behind a request, whichever era its client speaks. */
export function createAsk(exchange: Exchange, states: RequestStates): Ask {
  if (!canShowForm(exchange))
    return (question) => Promise.reject(new AskUnavailableError(question.message));
  const { speech } = exchange;
  if (speech.era === "modern") return askByRepetition(exchange, states);
  return (question) => askSession(speech.session, question, exchange.signal);
}
