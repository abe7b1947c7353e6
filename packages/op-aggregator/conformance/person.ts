import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { InputAnswerer } from "op-protocol/client";
import type { AuthorizePort } from "op-protocol/oauth";

/** The values that a form proposes. */
function defaultsOf(params: JsonObject | undefined): JsonObject {
  const schema = params?.["requestedSchema"];
  const properties = isJsonObject(schema) ? schema["properties"] : undefined;
  const entries = Object.entries(isJsonObject(properties) ? properties : {});
  return Object.fromEntries<JsonValue>(
    entries.flatMap(([name, property]) =>
      isJsonObject(property) && property["default"] !== undefined
        ? [[name, property["default"]] as const]
        : [],
    ),
  );
}

/** Accepts every form as it is proposed. */
export const agreeable: InputAnswerer = {
  session: "conformance",
  answer: (requests) => {
    const answers = Object.entries(requests).map(
      ([key, { params }]) => [key, { action: "accept", content: defaultsOf(params) }] as const,
    );
    return Promise.resolve(Object.fromEntries(answers));
  },
};

/** Agrees to every login: the page sends back at once. */
export const browser: AuthorizePort = {
  redirectUrl: "http://127.0.0.1:3000/callback",
  authorize: async (page, { signal }) => {
    const response = await fetch(page, { redirect: "manual", signal });
    await response.body?.cancel();
    const answer = URL.parse(response.headers.get("location") ?? "", page.href);
    if (answer === null) throw new Error(`the page sent nobody back: ${response.status}`);
    return answer.searchParams;
  },
};
