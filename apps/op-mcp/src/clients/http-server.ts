import type { JsonObject } from "op-core";

/** A server that runs already, as a client reaches it. */
export interface HttpServer {
  readonly url: string;
  /** The bearer token; absent where the client is to find one out by OAuth. */
  readonly token: string | undefined;
}

/** How a client's entry names the URL of a server that runs already. */
export interface HttpEntryForm {
  readonly urlKey: "url" | "httpUrl" | "serverUrl";
  readonly headersKey: "headers" | "http_headers";
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * What a client's configuration says of a server over HTTP. A client that cannot reach one itself gets a program that
 * does, and the token by its environment: what is an argument can be read by every user of the machine.
 */
export function toHttpEntry(
  form: HttpEntryForm | undefined,
  { url, token }: HttpServer,
): JsonObject {
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  if (form === undefined) {
    const header =
      authorization === undefined ? [] : ["--header", "Authorization:${AUTHORIZATION}"];
    const env = authorization === undefined ? {} : { env: { AUTHORIZATION: authorization } };
    return { command: "npx", args: ["-y", "mcp-remote", url, ...header], ...env };
  }
  const headers =
    authorization === undefined ? {} : { [form.headersKey]: { Authorization: authorization } };
  return { ...form.extra, [form.urlKey]: url, ...headers };
}
