import type { Answer, Ask } from "op-tools";
import { isJsonObject } from "op-core";
import { bindAsk, createRequestInputs } from "./client-input.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestStates } from "./request-state.ts";

function parseAnswer(value: unknown): Answer {
  if (!isJsonObject(value)) return { action: "cancel" };
  const { action, content } = value;
  if (action === "accept") return { action, content: isJsonObject(content) ? content : {} };
  return { action: action === "decline" ? "decline" : "cancel" };
}

/** The one way to ask the person behind a request, whichever era its client speaks. */
export function createAsk(exchange: Exchange, states: RequestStates): Ask {
  const requestInputs = createRequestInputs(exchange, states);
  const ask: Ask = async ({ key, message, schema }) => {
    const params = { message, requestedSchema: schema };
    const answers = await requestInputs({ [key]: { method: "elicitation/create", params } });
    return parseAnswer(answers[key]);
  };
  return bindAsk(ask, requestInputs);
}
