import type { UpstreamSettings } from "op-aggregator/config";
import { toUriScheme } from "op-aggregator/uri-scheme";
import { isToolName } from "op-tools";
import { hasValues, isValueName } from "./value-names.ts";

type Servers = Readonly<Record<string, UpstreamSettings>>;

/** Names of sources of op-mcp's own: what has one is trusted more. */
const ownNames = /^(?:builtin|plugins?|dbus(?:-.*)?|agents?(?:-.*)?|state(?:-.*)?|upstreams)$/u;

/** What is wrong with a server's configuration that no schema can say; one that is wrong hurts no other. */
export function findUpstreamProblem(name: string, servers: Servers): string | undefined {
  const settings = servers[name] ?? {};
  if (!isToolName(name)) return "its name needs 1 to 48 letters, digits, _ or -";
  if (ownNames.test(name)) return "its name is one of op-mcp's own";
  const scheme = toUriScheme(name);
  const twin = Object.keys(servers).find(
    (other) => other !== name && toUriScheme(other) === scheme,
  );
  if (twin !== undefined && twin < name) return `its name is spelt almost like ${twin}`;
  return findPlaceProblem(settings) ?? findAuthProblem(settings);
}

function findPlaceProblem({
  command,
  url,
  type,
  values = {},
}: UpstreamSettings): string | undefined {
  if ((command ?? "") === "" && (url ?? "") === "") return "it has neither a command nor a URL";
  if (command !== undefined && url !== undefined) return "it has a command and a URL";
  if (url !== undefined && !URL.canParse(url) && !hasValues(url, values)) return "its URL is none";
  const misnamed = Object.keys(values).find((name) => !isValueName(name));
  if (misnamed !== undefined)
    return `its value ${JSON.stringify(misnamed)} needs a name of letters, digits, _ and -, with no digit first`;
  if (type === undefined) return undefined;
  return (type === "stdio") === (command !== undefined)
    ? undefined
    : `its type is ${type}, and it has ${command === undefined ? "a URL" : "a command"}`;
}

function findAuthProblem({
  auth = {},
  command,
  type,
  url,
  values,
}: UpstreamSettings): string | undefined {
  const { token, oauth, clientId, clientSecret, privateKey, users } = auth;
  if (Object.keys(auth).length > 0 && command !== undefined)
    return "a program gets its credentials by its environment, not by auth";
  if (token !== undefined && oauth !== undefined) return "it has a token and OAuth";
  if (oauth !== undefined && (type === "websocket" || url?.startsWith("ws") === true))
    return "OAuth is for servers over HTTP";
  if (oauth !== undefined && hasValues(url ?? "", values))
    return "with OAuth its URL has to be written out";
  const isProved = clientSecret !== undefined || privateKey !== undefined;
  if (clientSecret !== undefined && privateKey !== undefined)
    return "its client has a secret and a private key";
  if (clientId === undefined && (isProved || oauth === "client"))
    return "its client has no clientId";
  if (oauth === "client" && !isProved) return "its client has neither a secret nor a private key";
  if (users === "each" && oauth !== "person") return "only persons log in each for themselves";
  return undefined;
}
