import {
  PromptNotFoundError,
  ResourceNotFoundError,
  type ContentBlock,
  type PromptResult,
  type PromptSource,
  type ResourceContents,
  type ResourceSource,
} from "op-tools";
import { requestInputs, type AskingReadOptions } from "../src/index.ts";
import { objectSchema, png } from "./answers.ts";
import { Announcer } from "./announcer.ts";

const fixed: readonly (ResourceContents & { readonly mimeType: string })[] = [
  {
    uri: "test://static-text",
    mimeType: "text/plain",
    text: "This is the content of the static text resource.",
  },
  { uri: "test://static-binary", mimeType: "image/png", blob: png },
  { uri: "test://watched-resource", mimeType: "text/plain", text: "Watched" },
];

function readTemplate(uri: string): ResourceContents {
  const id = /^test:\/\/template\/(?<id>[^/]+)\/data$/u.exec(uri)?.groups?.["id"];
  if (id === undefined) throw new ResourceNotFoundError(uri);
  const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { uri, mimeType: "application/json", text };
}

/** The resources the suite reads. */
export const fixtureResources: ResourceSource = {
  name: "fixtures",
  async *list() {
    for (const { uri, mimeType } of fixed)
      yield { uri, name: uri.slice("test://".length), mimeType };
  },
  async *templates() {
    yield {
      uriTemplate: "test://template/{id}/data",
      name: "template",
      mimeType: "application/json",
    };
  },
  owns: (uri) => uri.startsWith("test://"),
  read: async (uri) =>
    await Promise.resolve([fixed.find((one) => one.uri === uri) ?? readTemplate(uri)]),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function user(content: ContentBlock | string): PromptResult["messages"][number] {
  return {
    role: "user",
    content: typeof content === "string" ? { type: "text", text: content } : content,
  };
}

type Fill = (
  args: Readonly<Record<string, string>>,
  options: AskingReadOptions,
) => PromptResult["messages"] | Promise<PromptResult["messages"]>;

const prompts: Readonly<Record<string, { arguments?: readonly string[]; fill: Fill }>> = {
  test_simple_prompt: { fill: () => [user("This is a simple prompt for testing.")] },
  test_prompt_with_arguments: {
    arguments: ["arg1", "arg2"],
    fill: ({ arg1, arg2 }) => [user(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  test_prompt_with_embedded_resource: {
    arguments: ["resourceUri"],
    fill: ({ resourceUri = "" }) => [
      user({
        type: "resource",
        resource: {
          uri: resourceUri,
          mimeType: "text/plain",
          text: "Embedded resource content for testing.",
        },
      }),
      user("Please process the embedded resource above."),
    ],
  },
  test_prompt_with_image: {
    fill: () => [
      user({ type: "image", data: png, mimeType: "image/png" }),
      user("Please analyze the image above."),
    ],
  },
  test_input_required_result_prompt: {
    fill: async (_args, { ask }) => {
      const requestedSchema = objectSchema({ context: { type: "string" } }, ["context"]);
      const params = { message: "What context?", requestedSchema };
      const answers = await requestInputs(ask, {
        user_context: { method: "elicitation/create", params },
      });
      return [user(`With ${JSON.stringify(answers)}`)];
    },
  },
};

/** Tells that the list of prompts changed. */
export const promptChanges = new Announcer();

/** The prompts the suite gets; one asks the client first. */
export const fixturePrompts: PromptSource = {
  name: "fixtures",
  async *list() {
    for (const [name, { arguments: names = [] }] of Object.entries(prompts))
      yield {
        name,
        description: name,
        arguments: names.map((one) => ({ name: one, required: true })),
      };
  },
  get: async (name, args, options: AskingReadOptions) => {
    const prompt = Object.hasOwn(prompts, name) ? prompts[name] : undefined;
    if (prompt === undefined) throw new PromptNotFoundError(name);
    return { messages: await prompt.fill(args, options) };
  },
  async *changes({ signal }) {
    for await (const _told of promptChanges.follow(signal)) yield { kind: "prompt-list-changed" };
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
