import { isErrorOf, isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { AskUnavailableError, type Answer, type ToolContext } from "op-tools";
import { requestInputs, type InputRequest, type InputRequests } from "../src/index.ts";
import { objectSchema, textResult, type Fixture } from "./answers.ts";

function sampling(text: string, maxTokens = 100): InputRequest {
  const messages = [{ role: "user", content: { type: "text", text } }];
  return { method: "sampling/createMessage", params: { messages, maxTokens } };
}

function form(message: string, property: string, type = "string"): InputRequest {
  const requestedSchema = objectSchema({ [property]: { type } }, [property]);
  return { method: "elicitation/create", params: { message, requestedSchema } };
}

const roots: InputRequest = { method: "roots/list" };

function toText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function textOf(sampled: JsonObject | undefined): string {
  const content = sampled?.["content"];
  const text =
    typeof content === "object" && content !== null && "text" in content
      ? content["text"]
      : content;
  return toText(text);
}

/** Has questions answered and says what came back. */
function asking(requests: InputRequests, say: (answers: JsonObject) => string): Fixture {
  return {
    call: async (_args, { ask }) => textResult(say({ ...(await requestInputs(ask, requests)) })),
  };
}

function describe(answer: Answer): string {
  const content = answer.action === "accept" ? answer.content : {};
  return `action=${answer.action}, content=${JSON.stringify(content)}`;
}

function eliciting(properties: JsonObject): Fixture {
  return {
    call: async (_args, { ask }) => {
      const schema = objectSchema(properties);
      const answer = await ask({ key: "form", message: "Please fill in", schema });
      return textResult(`Elicitation completed: ${describe(answer)}`);
    },
  };
}

const possible: InputRequests = {
  user_name: form("Your name?", "name"),
  greeting: sampling("Greet somebody", 50),
  client_roots: roots,
};

/** The requests that a client can answer which says with each of its own what it is able to do. */
function answerableBy(capabilities: JsonObject): InputRequests {
  const methods: readonly string[] = Object.keys(capabilities).map((one) => `${one}/`);
  const entries = Object.entries(possible);
  return Object.fromEntries(
    entries.filter(([, { method }]) => methods.some((prefix) => method.startsWith(prefix))),
  );
}

/** Asks everything, and says what was answered: a client of a session is not asked what it cannot do. */
async function askEverything(ask: ToolContext["ask"]): Promise<readonly string[]> {
  const answered = Object.entries(possible).map(async ([key, request]) => {
    try {
      return Object.keys(await requestInputs(ask, { [key]: request }));
    } catch (error) {
      if (isErrorOf(error, AskUnavailableError)) return [];
      throw error;
    }
  });
  return (await Promise.all(answered)).flat();
}

/** Asks for whatever the client can answer. */
async function askWhatIsPossible({ meta, ask }: ToolContext): Promise<string> {
  const declared = meta["io.modelcontextprotocol/clientCapabilities"];
  const answered = isJsonObject(declared)
    ? Object.keys(await requestInputs(ask, answerableBy(declared)))
    : await askEverything(ask);
  return answered.join(", ");
}

/** Tools that ask the client something before they answer. */
export const askingTools: Readonly<Record<string, Fixture>> = {
  test_sampling: {
    schema: objectSchema({ prompt: { type: "string" } }, ["prompt"]),
    call: async ({ prompt }, { ask }) => {
      const answers = await requestInputs(ask, { sampled: sampling(toText(prompt)) });
      return textResult(`LLM response: ${textOf(answers["sampled"])}`);
    },
  },
  test_elicitation: {
    schema: objectSchema({ message: { type: "string" } }, ["message"]),
    call: async ({ message }, { ask }) => {
      const schema = objectSchema({ response: { type: "string" } }, ["response"]);
      const answer = await ask({ key: "response", message: toText(message), schema });
      return textResult(`User response: ${describe(answer)}`);
    },
  },
  test_elicitation_sep1034_defaults: eliciting({
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  }),
  test_elicitation_sep1330_enums: eliciting({
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: {
      type: "string",
      oneOf: [
        { const: "value1", title: "First Option" },
        { const: "value2", title: "Second Option" },
        { const: "value3", title: "Third Option" },
      ],
    },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: {
      type: "array",
      minItems: 1,
      maxItems: 3,
      items: { type: "string", enum: ["option1", "option2", "option3"] },
    },
    titledMulti: {
      type: "array",
      minItems: 1,
      maxItems: 3,
      items: {
        anyOf: [
          { const: "value1", title: "First Choice" },
          { const: "value2", title: "Second Choice" },
          { const: "value3", title: "Third Choice" },
        ],
      },
    },
  }),
  test_missing_capability: asking({ llm_answer: sampling("pong", 16) }, () => "done"),
  test_input_required_result_elicitation: {
    call: async (_args, { ask }) => {
      const schema = objectSchema({ name: { type: "string" } }, ["name"]);
      const answer = await ask({ key: "user_name", message: "What is your name?", schema });
      const { name = "stranger" } = answer.action === "accept" ? answer.content : {};
      return textResult(`Hello, ${toText(name)}!`);
    },
  },
  test_input_required_result_sampling: asking(
    { capital_question: sampling("What is the capital of France?") },
    (answers) => `Sampling response: ${JSON.stringify(answers)}`,
  ),
  test_input_required_result_list_roots: asking({ client_roots: roots }, (answers) =>
    JSON.stringify(answers),
  ),
  test_input_required_result_request_state: asking(
    { confirm: form("Please confirm", "ok", "boolean") },
    () => "state-ok",
  ),
  test_input_required_result_multiple_inputs: asking(
    { user_name: form("Your name?", "name"), greeting: sampling("Greet", 50), client_roots: roots },
    (answers) => Object.keys(answers).join(", "),
  ),
  test_input_required_result_multi_round: {
    call: async (_args, { ask }) => {
      await requestInputs(ask, { step1: form("Your name?", "name") });
      await requestInputs(ask, { step2: form("Your colour?", "color") });
      return textResult("Multi-round complete");
    },
  },
  test_input_required_result_tampered_state: asking(
    { confirm: form("Please confirm", "ok", "boolean") },
    () => "integrity-ok",
  ),
  test_input_required_result_capabilities: {
    call: async (_args, context) => textResult(await askWhatIsPossible(context)),
  },
};
